import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileBlobStore } from './file-blob-store.ts';
import { replaceFile, withFailure } from './file-system.ts';
import { asideIndex, layoutNames, type ImageNames } from './image-names.ts';
import { sweepAsides } from './sweep-asides.ts';
import { IngestFolder, sweepIngest } from './ingest-folder.ts';
import { emptyIndex, findIndexFile, hasLayout, layoutMarker, readIndexFile } from './layout.ts';
import { storeLock, type StoreLock } from './store-lock.ts';

/**
 * The local store: an OCI image layout that other tools can read, plus our locks and the `ingest` folder.
 * Whoever writes blobs holds `lock.shared()` from the first blob until a name reaches them.
 */
export interface Store extends AsyncDisposable {
  readonly dir: string;
  readonly blobs: FileBlobStore;
  readonly names: ImageNames;
  readonly lock: StoreLock;
  /** A path at which nothing is yet, for what this process needs only while it lives; what it leaves is swept. */
  newScratchPath(): Promise<string>;
}

/**
 * Opens the store in `dir`, making it where there is none, and clears what dead processes left behind.
 * Throws store-damaged or store-version where the folder holds something else, and then changes nothing.
 */
export async function openStore(dir: string, signal?: AbortSignal): Promise<Store> {
  // Before anything is made in somebody else's folder.
  await hasLayout(dir);
  await withFailure('create', dir, () => mkdir(blobsDir(dir), { recursive: true }));
  await withFailure('create', dir, () => mkdir(ingestDir(dir), { recursive: true }));
  const lock = storeLock(dir);
  {
    using _ = await lock.names(signal);
    if (await hasLayout(dir)) await readIndexFile(dir);
    else await initialize(dir);
    await rm(asideIndex(dir), { force: true });
    await sweepIngest(ingestDir(dir));
    await sweepAsides(dir);
  }
  const ingest = new IngestFolder(ingestDir(dir), lock);
  const blobs = new FileBlobStore(blobsDir(dir), () => ingest.newFile());
  const names = layoutNames(dir, lock);
  return {
    dir,
    blobs,
    names: {
      ...names,
      async set(reference, image, setSignal) {
        await names.set(reference, image, setSignal);
        await blobs.markUsed(image.digest);
      },
    },
    lock,
    newScratchPath: () => ingest.newFile(),
    [Symbol.asyncDispose]: () => ingest[Symbol.asyncDispose](),
  };
}

/** `oci-layout` comes last: it says that everything else is there. */
async function initialize(dir: string): Promise<void> {
  if ((await findIndexFile(dir)) === undefined) {
    await replaceFile(join(dir, 'index.json'), asideIndex(dir), JSON.stringify(emptyIndex));
  }
  const marker = join(dir, 'oci-layout');
  await replaceFile(marker, `${marker}.new`, layoutMarker);
}

function blobsDir(dir: string): string {
  return join(dir, 'blobs', 'sha256');
}

function ingestDir(dir: string): string {
  return join(dir, 'ingest');
}
