import {
  compareOsVersions,
  parseOsVersion,
  windowsReleases,
  type WindowsVersion,
} from './builds.ts';

/** What the name of a tag alone says, by the habits of Microsoft's repositories and of those that follow them. */
export interface TagMeaning {
  /** The whole version, such as `10.0.20348.5386`: such a tag never moves. */
  readonly osVersion?: string;
  /** The build, also where only a release is named: 20348 for `ltsc2022`. */
  readonly build?: number;
  /** GOARCH, such as `amd64`. */
  readonly architecture?: string;
}

const architectures = new Set(['amd64', 'arm64', 'arm', '386']);

/** Builds by the tags of the releases in lower case. */
const builds: ReadonlyMap<string, number> = new Map([
  ...windowsReleases.flatMap(({ build, imageTag }) =>
    imageTag === undefined ? [] : [[imageTag.toLowerCase(), build] as const],
  ),
  // The names that these had before they were called ltsc2019 and ltsc2016; tags with them still move along.
  ['1809', 17_763],
  ['1607', 14_393],
]);

/** Reads `ltsc2022`, `10.0.20348.5386-amd64`, `8.0-nanoserver-1809` and the like; what a tag does not say is absent. */
export function readTag(tag: string): TagMeaning {
  const words = tag.toLowerCase().split(/[-_]/);
  const osVersion = words.find(word => /^10\.0\.\d{5}\.\d+$/.test(word));
  const architecture = words.find(word => architectures.has(word));
  const named = words.map(word => builds.get(word)).find(build => build !== undefined);
  const build = osVersion === undefined ? named : parseOsVersion(osVersion)?.build;
  return {
    ...(osVersion === undefined ? {} : { osVersion }),
    ...(build === undefined ? {} : { build }),
    ...(architecture === undefined ? {} : { architecture }),
  };
}

const natural = new Intl.Collator('en', { numeric: true });

/**
 * Orders tags as one looks for them: `latest`, then the tags of the releases, then everything else that names a Windows
 * version, the newest first; then all others, the highest number first.
 */
export function compareTags(one: string, other: string): number {
  const [mine, theirs] = [keyOf(one), keyOf(other)];
  return (
    mine.rank - theirs.rank ||
    compareOsVersions(theirs.version, mine.version) ||
    natural.compare(other, one)
  );
}

interface TagKey {
  readonly rank: number;
  readonly version: WindowsVersion;
}

function keyOf(tag: string): TagKey {
  const { build = 0, osVersion } = readTag(tag);
  const version = parseOsVersion(osVersion ?? '') ?? { major: 10, minor: 0, build };
  if (tag === 'latest') return { rank: 0, version };
  if (builds.has(tag.toLowerCase())) return { rank: 1, version };
  return { rank: build > 0 ? 2 : 3, version };
}
