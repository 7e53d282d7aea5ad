import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { parseIndex, parseManifest } from '../../../shared/oci/document.ts';
import { isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import type { BlobReader } from './blob-store.ts';
import { readDocument } from './document-blob.ts';

/**
 * What a manifest or index points to, not counting its subject; nothing for other blobs. Of an index only what is here:
 * whoever pulls one image of it keeps the whole index, and none of the other images (image-spec image-layout.md lets
 * blobs be missing).
 */
async function successors(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<readonly Descriptor[]> {
  if (isIndex(descriptor.mediaType)) {
    const { manifests } = parseIndex(await readDocument(blobs, descriptor, signal), descriptor);
    const here: Descriptor[] = [];
    for (const entry of manifests) if (await blobs.has(entry, signal)) here.push(entry);
    return here;
  }
  if (!isManifest(descriptor.mediaType)) return [];
  const manifest = parseManifest(await readDocument(blobs, descriptor, signal), descriptor);
  return [manifest.config, ...manifest.layers];
}

/** The image that a manifest or index says it belongs to (image-spec manifest.md, `subject`). */
export async function subjectOf(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<Digest | undefined> {
  const { mediaType } = descriptor;
  if (!isIndex(mediaType) && !isManifest(mediaType)) return undefined;
  if (!(await blobs.has(descriptor, signal))) return undefined;
  const text = await readDocument(blobs, descriptor, signal);
  const parse = isIndex(mediaType) ? parseIndex : parseManifest;
  return parse(text, descriptor).subject?.digest;
}

/** Everything that `roots` reach, themselves included, each once; what points to something comes after it. */
export async function reachable(
  blobs: BlobReader,
  roots: readonly Descriptor[],
  options: { readonly skipMissing: boolean },
  signal?: AbortSignal,
): Promise<ReadonlyMap<Digest, Descriptor>> {
  const found = new Map<Digest, Descriptor>();
  const entered = new Set<Digest>();
  // By hand instead of recursion: an index may nest as deeply as its author likes.
  const stack: { readonly descriptor: Descriptor; readonly done: boolean }[] = roots
    .toReversed()
    .map(descriptor => ({ descriptor, done: false }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { descriptor, done } = next;
    if (done) found.set(descriptor.digest, descriptor);
    if (done || entered.has(descriptor.digest)) continue;
    entered.add(descriptor.digest);
    const children = await childrenOf(blobs, descriptor, options.skipMissing, signal);
    stack.push({ descriptor, done: true });
    for (const child of children.toReversed()) stack.push({ descriptor: child, done: false });
  }
  return found;
}

async function childrenOf(
  blobs: BlobReader,
  descriptor: Descriptor,
  skipMissing: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[]> {
  try {
    return await successors(blobs, descriptor, signal);
  } catch (error) {
    const missing = error instanceof AppError && error.failure.code === 'blob-missing';
    if (missing && skipMissing) return [];
    throw error;
  }
}
