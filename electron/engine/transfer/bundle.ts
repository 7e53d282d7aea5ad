import { stat } from 'node:fs/promises';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isDigest, type Digest } from '../../../shared/oci/digest.ts';
import { isForeign } from '../../../shared/oci/media-types.ts';
import { canonicalReference, parseReference } from '../../../shared/oci/reference.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { withFailure } from '../content/file-system.ts';
import { reachable } from '../content/graph.ts';
import type { NamedImage } from '../content/image-names.ts';
import { exportOciArchive } from '../image/export-archive.ts';
import { sourcesOf, urlSources } from './blob-sources.ts';
import { checkBundle, type CheckedImage } from './bundle-report.ts';
import { checkDiskSpace } from './disk-space.ts';
import { blobTeller } from './progress.ts';
import type { RemoteSources } from './remote-documents.ts';
import { sideBySide } from './side-by-side.ts';
import type { BundledImage, BundleOptions, BundleReport } from './transfers.ts';

export interface BundleDeps extends RemoteSources {
  readonly parallel: number;
}

/**
 * Writes images with all their blobs to one OCI archive, for networks that reach no registry. Foreign layers are taken
 * along if asked for, and fetched where the store lacks them. Every blob is hashed on its way. Throws `image-missing`,
 * and `image-incomplete` where the store lacks more than foreign layers.
 */
export async function exportBundle(
  images: readonly string[],
  path: string,
  deps: BundleDeps,
  options: BundleOptions,
): Promise<BundleReport> {
  const { store } = deps;
  const { onEvent, signal } = options;
  using _ = await store.lock.shared(signal);
  const named: NamedImage[] = [];
  for (const image of images) {
    const descriptor = await store.names.resolve(image);
    const reference = isDigest(image) ? undefined : canonicalReference(image);
    named.push(reference === undefined ? { descriptor } : { reference, descriptor });
  }
  if (options.foreign === 'fetch') {
    for (const image of named) await fetchForeign(image, deps, options);
  }
  const source = options.foreign === 'fetch' ? store.blobs : withoutForeign(store.blobs);
  const checked: CheckedImage[] = [];
  for (const image of named) {
    const one = await checkBundle(
      source,
      image,
      async blob => await source.has(blob, signal),
      signal,
    );
    checkWhole(one.image);
    checked.push(one);
  }
  const sizes = sizesOf(checked);
  onEvent?.({ kind: 'planned', blobs: [...sizes.values()].map(waiting) });
  const tellers = new Map(
    [...sizes].map(([digest, blob]) => [digest as string, blobTeller(blob, onEvent)]),
  );
  await exportOciArchive(source, named, path, {
    signal,
    onProgress({ blob, current, total }) {
      const done = current >= total ? ({ state: 'done', outcome: 'present' } as const) : undefined;
      tellers.get(blob)?.({ current, ...(done ?? { state: 'verifying' }) });
    },
  });
  const { size } = await withFailure('look at', path, () => stat(path));
  return { path, images: checked.map(({ image }) => image), blobs: sizes.size, bytes: size };
}

function waiting({ digest, mediaType, size }: Descriptor) {
  return { digest, mediaType, total: size, current: 0, state: 'waiting' as const };
}

/** The blobs that go into the bundle. */
function sizesOf(checked: readonly CheckedImage[]): ReadonlyMap<Digest, Descriptor> {
  return new Map(checked.flatMap(({ held }) => held.map(blob => [blob.digest, blob])));
}

function checkWhole({ reference, descriptor, missing }: BundledImage): void {
  if (missing.length === 0) return;
  throw new AppError({
    code: 'image-incomplete',
    reference: reference ?? descriptor.digest,
    missing: missing.map(({ digest }) => digest),
    advice: 'Pull or build it again, then make the bundle.',
  });
}

/** From the registry that the image's name says, else from the layers' own urls. */
async function fetchForeign(
  { reference, descriptor }: NamedImage,
  deps: BundleDeps,
  { onEvent, signal }: BundleOptions,
): Promise<void> {
  const { store, client, fetchBlob } = deps;
  const needed: Descriptor[] = [];
  const all = await reachable(store.blobs, [descriptor], { skipMissing: true }, signal);
  for (const blob of all.values()) {
    if (isForeign(blob.mediaType) && !(await store.blobs.has(blob, signal))) needed.push(blob);
  }
  await checkDiskSpace(
    store.dir,
    needed.reduce((sum, { size }) => sum + size, 0),
  );
  await sideBySide(
    needed,
    deps.parallel,
    async (blob, turn, stop) =>
      await turn(async () => {
        const tell = blobTeller(blob, onEvent);
        const note = (text: string) => onEvent?.({ kind: 'note', text });
        const sources =
          reference === undefined
            ? urlSources(client, blob)
            : sourcesOf(client, parseReference(reference), blob, 'urls');
        if (sources.length === 0) {
          throw new AppError({ code: 'foreign-unavailable', digest: blob.digest, tried: [] });
        }
        await fetchBlob(blob, sources, { tell, note, signal: stop });
      }),
    signal,
  );
}

function withoutForeign(blobs: BlobReader): BlobReader {
  return {
    has: async (blob, signal) => !isForeign(blob.mediaType) && (await blobs.has(blob, signal)),
    read: (blob, signal) => blobs.read(blob, signal),
  };
}
