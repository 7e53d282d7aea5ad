import { stat } from 'node:fs/promises';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isForeign } from '../../../shared/oci/media-types.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { withFailure } from '../content/file-system.ts';
import { nameOf, namedEntry, type NamedImage } from '../content/image-names.ts';
import type { Store } from '../content/store.ts';
import { fullReference, importImages, openImageSource } from '../image/import-images.ts';
import { counted } from '../image/progress.ts';
import { readImage } from '../image/read-image.ts';
import { listImages } from '../image/select-image.ts';
import { checkBundle, type CheckedImage } from './bundle-report.ts';
import { blobTeller } from './progress.ts';
import type { BundleReport, TransferSettings } from './transfers.ts';

/**
 * Brings the images of a bundle, or of any OCI layout or docker-archive, into the store, and reports on each: every
 * blob is hashed. An image is named in the store only where nothing but foreign layers is missing.
 */
export async function importBundle(
  path: string,
  store: Store,
  settings: TransferSettings,
): Promise<BundleReport> {
  const { signal } = settings;
  using _ = await store.lock.shared(signal);
  const { size } = await withFailure('open', path, () => stat(path));
  await using source = await openImageSource(path, signal);
  const checked: CheckedImage[] = [];
  if (source.kind === 'docker-archive') {
    // It has no digests of its own: what is read is all or nothing, and is checked against the diff IDs.
    for (const image of await importImages(store, path, { signal })) {
      checked.push(await checkBundle(store.blobs, image, blob => store.blobs.has(blob), signal));
    }
  } else {
    for (const entry of source.entries) {
      checked.push(await importImage(namedImage(entry), source.blobs, store, settings));
    }
  }
  const held = new Map(checked.flatMap(each => each.held.map(blob => [blob.digest, blob])));
  return { path, images: checked.map(({ image }) => image), blobs: held.size, bytes: size };
}

function namedImage(entry: Descriptor): NamedImage {
  const descriptor = namedEntry(undefined, entry);
  const reference = fullReference(nameOf(entry));
  return reference === undefined ? { descriptor } : { reference, descriptor };
}

async function importImage(
  named: NamedImage,
  from: BlobReader,
  store: Store,
  settings: TransferSettings,
): Promise<CheckedImage> {
  const { signal } = settings;
  const take = (blob: Descriptor) => takeBlob(blob, from, store, settings);
  const checked = await checkBundle(from, named, take, signal);
  const { image, held } = checked;
  if (image.state === 'incomplete') return checked;
  try {
    for (const { descriptor } of await listImages(store.blobs, named.descriptor, signal)) {
      await readImage(store.blobs, descriptor, signal);
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code !== 'image-invalid') throw error;
    return { image: { ...image, state: 'incomplete', damaged: [named.descriptor] }, held };
  }
  await store.names.set(named.reference, named.descriptor, signal);
  return checked;
}

/** What the store has was verified when it came there; a foreign layer may be there already, too. */
async function takeBlob(
  blob: Descriptor,
  from: BlobReader,
  store: Store,
  { onEvent, signal }: TransferSettings,
): Promise<boolean> {
  const tell = blobTeller(blob, onEvent);
  if (!(await from.has(blob, signal))) {
    if (isForeign(blob.mediaType)) return await store.blobs.has(blob, signal);
    return false;
  }
  const hashed = counted(
    { blob: blob.digest, total: blob.size },
    from.read(blob, signal),
    ({ current }) => tell({ state: 'verifying', current }),
  );
  if (await store.blobs.has(blob, signal)) {
    // The bundle is reported on, so what is in it is hashed although the store needs nothing of it.
    for await (const chunk of hashed) void chunk;
  } else {
    await store.blobs.write(blob, hashed, signal);
  }
  tell({ state: 'done', current: blob.size, outcome: 'present' });
  return true;
}
