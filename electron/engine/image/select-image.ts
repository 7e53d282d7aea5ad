import { AppError } from '../../../shared/failure.ts';
import type { Descriptor, Platform } from '../../../shared/oci/descriptor.ts';
import { invalid } from '../../../shared/oci/document.ts';
import { platformOf } from '../../../shared/oci/image.ts';
import { isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import { formatPlatform, matchesPlatform } from '../../../shared/oci/platform.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { readImage, readIndex, type StoredImage } from './read-image.ts';

/** An image that an index offers. */
export interface ImageCandidate {
  readonly descriptor: Descriptor;
  readonly platform: Platform;
}

/** Chooses among the candidates that match, in the order of the index; never called with none. */
export type ChooseImage = (
  matching: readonly [ImageCandidate, ...ImageCandidate[]],
) => ImageCandidate;

const nestingLimit = 4;

/**
 * Reads the image for a platform: of an index the first that matches (or what `choose` says) of those that are here, of
 * a manifest the image itself. Throws platform-missing, which lists what is offered; else as `readImage`.
 */
export async function selectImage(
  blobs: BlobReader,
  descriptor: Descriptor,
  wanted: { readonly platform: Platform; readonly choose?: ChooseImage },
  signal?: AbortSignal,
): Promise<StoredImage> {
  const candidates = await listImages(blobs, descriptor, signal);
  const matching = candidates.filter(each => matchesPlatform(each.platform, wanted.platform));
  const here = await presentOf(matching, blobs, signal);
  const [first, ...others] = here.length > 0 ? here : matching;
  if (first === undefined) throw platformMissing(descriptor, wanted.platform, candidates);
  const choose = wanted.choose ?? (([matching]) => matching);
  return readImage(blobs, choose([first, ...others]).descriptor, signal);
}

/**
 * The images behind a descriptor, in the order of the index: one for a manifest. Attestations are left out, and so are
 * images that are not here, because only others of the index were pulled.
 */
export async function listImages(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<readonly ImageCandidate[]> {
  return listNested(blobs, descriptor, 0, signal);
}

/** As `listImages`, without those that are not here: a pull brings an index and the images that were asked for. */
export async function listPresentImages(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<readonly ImageCandidate[]> {
  return await presentOf(await listImages(blobs, descriptor, signal), blobs, signal);
}

async function presentOf(
  images: readonly ImageCandidate[],
  blobs: BlobReader,
  signal: AbortSignal | undefined,
): Promise<readonly ImageCandidate[]> {
  const present: ImageCandidate[] = [];
  for (const image of images) {
    if (await blobs.has(image.descriptor, signal)) present.push(image);
  }
  return present;
}

async function listNested(
  blobs: BlobReader,
  descriptor: Descriptor,
  depth: number,
  signal: AbortSignal | undefined,
): Promise<readonly ImageCandidate[]> {
  const { digest, mediaType } = descriptor;
  if (!isIndex(mediaType)) return [await candidate(blobs, descriptor, signal)];
  if (depth > nestingLimit) throw invalid(digest, 'manifests', 'are nested too deeply');
  const { manifests } = await readIndex(blobs, descriptor, signal);
  const images = manifests.filter(entry => isImageEntry(entry));
  const nested: (readonly ImageCandidate[])[] = [];
  for (const entry of images) {
    if (await blobs.has(entry, signal)) {
      nested.push(await listNested(blobs, entry, depth + 1, signal));
    }
  }
  return nested.flat();
}

/** BuildKit lists attestations with the platform unknown/unknown (BuildKit docs, "Image attestation storage"). */
function isImageEntry(entry: Descriptor): boolean {
  return (
    (isManifest(entry.mediaType) || isIndex(entry.mediaType)) && entry.platform?.os !== 'unknown'
  );
}

/** The index's platform is enough; without one, the config knows. */
async function candidate(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal: AbortSignal | undefined,
): Promise<ImageCandidate> {
  if (descriptor.platform !== undefined) return { descriptor, platform: descriptor.platform };
  const { config } = await readImage(blobs, descriptor, signal);
  return { descriptor, platform: platformOf(config) };
}

function platformMissing(
  { digest }: Descriptor,
  wanted: Platform,
  candidates: readonly ImageCandidate[],
): AppError {
  const offered = [...new Set(candidates.map(each => formatPlatform(each.platform)))];
  return new AppError({
    code: 'platform-missing',
    digest,
    wanted: formatPlatform(wanted),
    offered,
  });
}
