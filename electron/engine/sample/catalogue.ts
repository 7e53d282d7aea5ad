import type { Platform } from '../../../shared/oci/descriptor.ts';
import { releaseOfImage } from '../../../shared/windows/builds.ts';
import {
  sampleVersion,
  type SampleArchitecture,
  type SampleFamily,
  type SampleVersion,
} from './sample-version.ts';

/** One layer of a sample image. */
export type SampleLayer =
  | { readonly kind: 'base'; readonly version: SampleVersion }
  | { readonly kind: 'update'; readonly version: SampleVersion; readonly on: SampleVersion };

/** An image that stands in for one of Microsoft's base images and says so in its name. */
export interface SampleImage {
  /** Full references; the first is the floating one, such as `...:ltsc2022`. */
  readonly references: readonly [string, ...string[]];
  readonly platform: Platform;
  readonly layersBaseFirst: readonly [SampleLayer, ...SampleLayer[]];
}

/** An index over sample images of several Windows versions and architectures. */
export interface SampleIndex {
  readonly references: readonly [string, ...string[]];
  readonly images: readonly SampleImage[];
}

/** A registry that does not exist: nobody takes these images for Microsoft's, and nothing is ever pulled from it. */
const registry = 'layerwright.local/windows';

interface Release {
  readonly family: SampleFamily;
  readonly architecture: SampleArchitecture;
  readonly base: { readonly text: string; readonly created: string };
  readonly update?: { readonly text: string; readonly created: string };
}

const december2024 = '2024-12-10T08:00:00Z';
/** From new to old: who has no preference among the images of an index takes the first that fits. */
const releases: readonly Release[] = [
  nano('10.0.26100.2605', 'amd64'),
  nano('10.0.26100.2605', 'arm64'),
  nano('10.0.20348.2966', 'amd64'),
  nano('10.0.17763.6659', 'amd64'),
  core('10.0.26100.1742', '2024-09-10T08:00:00Z', '10.0.26100.2605'),
  core('10.0.20348.587', '2022-03-08T08:00:00Z', '10.0.20348.2966'),
];

function nano(text: string, architecture: SampleArchitecture): Release {
  return { family: 'nanoserver', architecture, base: { text, created: december2024 } };
}

function core(text: string, created: string, update: string): Release {
  return {
    family: 'servercore',
    architecture: 'amd64',
    base: { text, created },
    update: { text: update, created: december2024 },
  };
}

/** The images that `writeSampleImages` makes: Nano Server of one layer, Server Core of a base and an update. */
export function sampleCatalogue(): readonly SampleImage[] {
  return releases.map(release => {
    const { family, architecture } = release;
    const base = sampleVersion(family, architecture, release.base);
    const update = release.update && sampleVersion(family, architecture, release.update);
    const version = (update ?? base).text;
    // Microsoft publishes other architectures than amd64 under a suffix, too.
    const suffix = architecture === 'amd64' ? '' : `-${architecture}`;
    const channel = releaseOfImage(version)?.imageTag ?? version;
    return {
      references: [
        `${registry}/${family}:${channel}${suffix}`,
        `${registry}/${family}:${version}${suffix}`,
      ],
      platform: { architecture, os: 'windows', 'os.version': version },
      layersBaseFirst: [
        { kind: 'base', version: base },
        ...(update === undefined ? [] : [{ kind: 'update', version: update, on: base } as const]),
      ],
    };
  });
}

/** An index for each family, over `images`. */
export function sampleIndexes(images: readonly SampleImage[]): readonly SampleIndex[] {
  const families: readonly SampleFamily[] = ['nanoserver', 'servercore'];
  return families.flatMap(family => {
    const ofFamily = images.filter(image => image.layersBaseFirst[0].version.family === family);
    if (ofFamily.length === 0) return [];
    const repository = `${registry}/${family}`;
    return [{ references: [`${repository}:multi`, `${repository}:latest`], images: ofFamily }];
  });
}
