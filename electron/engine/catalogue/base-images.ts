import { AppError } from '../../../shared/failure.ts';
import type { BaseFamily, BaseTag } from '../../../shared/ipc/app-views.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { parseReference } from '../../../shared/oci/reference.ts';
import {
  compareOsVersions,
  parseOsVersion,
  releaseOfImage,
  type WindowsRelease,
} from '../../../shared/windows/builds.ts';
import { hostVerdict, type Host } from '../../../shared/windows/host-compatibility.ts';
import { updateMonth } from '../../../shared/windows/updates.ts';
import type { BlobReader } from '../content/blob-store.ts';
import type { ImageNames } from '../content/image-names.ts';
import { readImage } from '../image/read-image.ts';
import { listPresentImages, type ImageCandidate } from '../image/select-image.ts';
import type { CatalogueFamily } from './base-catalogue.ts';

/** Where base images are looked for. */
export interface BaseSource {
  readonly names: Pick<ImageNames, 'list'>;
  readonly blobs: BlobReader;
}

/** A tag, and what it names. */
interface TaggedImage {
  readonly reference: string;
  readonly tag: string;
  readonly descriptor: Descriptor;
}

/** The families of the catalogue, each with whether the store has a tag of it. */
export async function listBaseFamilies(
  catalogue: readonly CatalogueFamily[],
  source: BaseSource,
): Promise<BaseFamily[]> {
  const named = await source.names.list();
  return catalogue.map(family => {
    const available = named.some(
      ({ reference }) => tagIn(family.repository, reference) !== undefined,
    );
    return {
      ...family,
      available,
      ...(available ? {} : { unavailableReason: whyUnavailable(family) }),
    };
  });
}

/** The tags of one family, one row per platform, the newest Windows first. Throws bad-request for an unknown family. */
export async function listBaseTags(
  family: CatalogueFamily | undefined,
  source: BaseSource,
  host: Host,
  signal?: AbortSignal,
): Promise<BaseTag[]> {
  if (family === undefined) {
    throw new AppError({
      code: 'bad-request',
      field: 'family',
      problem: 'is not in the catalogue',
    });
  }
  return await listStoredTags(family.repository, source, host, signal);
}

/** The tags of a repository that the store has, one row per platform, the newest Windows first. */
export async function listStoredTags(
  repository: string,
  source: BaseSource,
  host: Host,
  signal?: AbortSignal,
): Promise<BaseTag[]> {
  const tags: BaseTag[] = [];
  for (const image of await imagesOf(repository, source)) {
    for (const candidate of await listPresentImages(source.blobs, image.descriptor, signal)) {
      tags.push(await describeTag({ image, candidate }, source.blobs, host, signal));
    }
  }
  return tags.toSorted(newestFirst);
}

function whyUnavailable({ sample, repository }: CatalogueFamily): string {
  return sample
    ? 'The sample images are not made yet.'
    : `No tag of ${repository} is in the store.`;
}

async function imagesOf(repository: string, { names }: BaseSource): Promise<TaggedImage[]> {
  return (await names.list()).flatMap(({ reference, descriptor }) => {
    const tag = tagIn(repository, reference);
    return tag === undefined ? [] : [{ reference: `${repository}:${tag}`, tag, descriptor }];
  });
}

/** The tag of `reference` where it is of `repository`. Other tools may have put names into the index that are none. */
function tagIn(repository: string, reference: string | undefined): string | undefined {
  if (!reference?.startsWith(`${repository}:`)) return undefined;
  try {
    return parseReference(reference).tag;
  } catch {
    return undefined;
  }
}

interface TagParts {
  readonly image: TaggedImage;
  readonly candidate: ImageCandidate;
}

/** What is known of one image of a tag. `blobs` tells of each layer whether it is here. */
export async function describeTag(
  { image, candidate }: TagParts,
  blobs: BlobReader,
  host: Host,
  signal: AbortSignal | undefined,
): Promise<BaseTag> {
  const { manifest, config } = await readImage(blobs, candidate.descriptor, signal);
  const osVersion = candidate.platform['os.version'] ?? config['os.version'];
  const release = releaseOfImage(osVersion ?? '');
  const month = updateMonth(osVersion ?? '');
  const held = await Promise.all(manifest.layers.map(layer => blobs.has(layer, signal)));
  const size = total(manifest.layers);
  const downloadBytes = total(manifest.layers.filter((_, index) => !held[index]));
  return {
    reference: image.reference,
    tag: image.tag,
    architecture: candidate.platform.architecture,
    pinned: namesExactVersion(image.tag),
    manifestDigest: candidate.descriptor.digest,
    pinDigest: image.descriptor.digest,
    layers: manifest.layers.length,
    size,
    downloadBytes,
    local: downloadBytes === 0,
    verdict: hostVerdict(candidate.platform, host),
    ...(osVersion === undefined ? {} : { osVersion }),
    ...(config.created === undefined ? {} : { created: config.created }),
    ...(month === undefined ? {} : { updateMonth: month }),
    ...(release === undefined ? {} : supportOf(release)),
  };
}

function supportOf({ name, imageTag, mainstreamEnds, supportEnds }: WindowsRelease) {
  return {
    releaseName: name,
    supportEnds,
    ...(mainstreamEnds === undefined ? {} : { mainstreamEnds }),
    ...(imageTag === undefined ? {} : { channel: imageTag }),
  };
}

/** Microsoft never moves a tag that carries a whole version, such as `10.0.20348.5386`; all others move monthly. */
function namesExactVersion(tag: string): boolean {
  return /\b10\.0\.\d{5}\.\d+\b/.test(tag);
}

function total(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, { size }) => sum + size, 0);
}

function newestFirst(one: BaseTag, other: BaseTag): number {
  const [a, b] = [one, other].map(({ osVersion }) => parseOsVersion(osVersion ?? ''));
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareOsVersions(b, a) || one.tag.localeCompare(other.tag, 'en');
}
