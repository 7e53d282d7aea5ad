import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { FileBlobStore } from '../content/file-blob-store.ts';
import { errnoOf, fileFailure, syncFolder, withFailure } from '../content/file-system.ts';
import { namedEntry, type NamedImage } from '../content/image-names.ts';
import { emptyIndex, hasLayout, layoutMarker } from '../content/layout.ts';
import { openStore } from '../content/store.ts';
import { copyImage } from './copy-image.ts';
import type { OnProgress } from './progress.ts';

/** Options of all imports and exports. */
export interface TransferOptions {
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes images as an OCI image layout folder. A new or empty folder appears complete or not at all; a folder that is
 * a layout already gets the images added, each named last. Throws bad-request where the folder holds something else.
 */
export async function exportLayout(
  blobs: BlobReader,
  images: readonly NamedImage[],
  dir: string,
  options: TransferOptions = {},
): Promise<void> {
  const target = resolve(dir);
  const entries = await withFailure('list', target, () => readdir(target).catch(emptyIfMissing));
  if (entries.length === 0) return exportNew(blobs, images, target, options);
  if (!(await hasLayout(target))) {
    const problem = `${target} is neither empty nor an OCI image layout`;
    throw new AppError({ code: 'bad-request', field: 'output', problem });
  }
  await using store = await openStore(target, options.signal);
  using _ = await store.lock.shared(options.signal);
  for (const { reference, descriptor } of images) {
    await copyImage(blobs, store.blobs, descriptor, options);
    await store.names.set(reference, descriptor, options.signal);
  }
}

/** The text of the `index.json` of an export. */
export function exportIndex(images: readonly NamedImage[]): string {
  const manifests = images.map(({ reference, descriptor }) => namedEntry(reference, descriptor));
  return JSON.stringify({ ...emptyIndex, manifests });
}

async function exportNew(
  blobs: BlobReader,
  images: readonly NamedImage[],
  target: string,
  options: TransferOptions,
): Promise<void> {
  const aside = `${target}.${randomUUID()}.partial`;
  const blobsDir = join(aside, 'blobs', 'sha256');
  try {
    await mkdir(blobsDir, { recursive: true });
    let count = 0;
    const to = new FileBlobStore(blobsDir, async () => join(blobsDir, `partial-${(count += 1)}`));
    for (const { descriptor } of images) await copyImage(blobs, to, descriptor, options);
    await writeFile(join(aside, 'index.json'), exportIndex(images));
    await writeFile(join(aside, 'oci-layout'), layoutMarker);
    await rmdir(target).catch(emptyIfMissing);
    await rename(aside, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw fileFailure(error, 'write', target);
  }
}

function emptyIfMissing(error: unknown): readonly string[] {
  if (errnoOf(error) === 'ENOENT') return [];
  throw error;
}
