import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { digestHex, isDigest, type Digest } from '../../../shared/oci/digest.ts';
import type { Bytes } from './bytes.ts';
import type { FileIngest } from './file-ingest.ts';
import { errnoOf, withFailure } from './file-system.ts';
import { GrowingFile } from './growing-file.ts';
import type { Store } from './store.ts';
import { lockStatements, tryLock, waitForLock } from './store-lock.ts';

/** A download that was cut off is kept for this long; in ms. */
export const keptFor = 7 * 24 * 60 * 60 * 1000;

/** The part of a blob that has been downloaded, for one process alone. */
export interface PartialDownload extends AsyncDisposable {
  /** Bytes that were there already, and are hashed. */
  readonly resumedFrom: number;
  /** Bytes that are there. */
  readonly size: number;
  write(chunk: Uint8Array): Promise<void>;
  /** All of it from the first byte, read behind what is written; fails with `cancelled` where it comes to nothing. */
  follow(): Bytes;
  /** Makes it a blob of the store. Throws blob-mismatch, and then nothing of it is left. */
  commit(): Promise<void>;
  /** Begins anew; what was there is removed. */
  restart(): Promise<void>;
  readonly restarted: boolean;
}

/** What is told while a download is claimed. */
export interface ClaimProgress {
  /** Another process downloads the blob; this one waits for it. */
  readonly onWait?: () => void;
  /** How many bytes of what was kept are hashed. */
  readonly onHashed?: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the download of a blob: what an earlier run, even one that was killed, has left is kept and hashed anew. Only
 * one process at a time has it; the others wait. Gives undefined where the store has the blob by then. Left open
 * without `commit`, the part is kept for the next one who comes. The caller holds `store.lock.shared()`.
 */
export async function claimDownload(
  store: Store,
  blob: Descriptor,
  progress: ClaimProgress = {},
): Promise<PartialDownload | undefined> {
  const path = partialPath(store.dir, blob.digest);
  await withFailure('create', path, () => mkdir(downloadsDir(store.dir), { recursive: true }));
  const lock = await claimLock(lockPath(path), progress);
  try {
    if (!(await store.blobs.has(blob)))
      return await openPartial(store, blob, { ...progress, lock });
    // Only now, with the blob in its place, can nobody be misled by a lock on a file that is gone.
    lock[Symbol.dispose]();
    await forget(path);
    return undefined;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/** How many bytes of a blob are kept from an earlier download. */
export async function keptBytes(store: Store, digest: Digest): Promise<number> {
  return (await sizeAndAge(partialPath(store.dir, digest)))?.size ?? 0;
}

/**
 * Removes what nobody has gone on with for a week. The caller holds the exclusive lock of the store, so no download is
 * under way. Gives what was removed, with its size in bytes.
 */
export async function collectDownloads(
  storeDir: string,
  now = Date.now(),
): Promise<readonly { readonly digest: Digest; readonly size: number }[]> {
  const removed: { digest: Digest; size: number }[] = [];
  const names = await readdir(downloadsDir(storeDir)).catch(() => []);
  for (const name of names.map(each => each.replace(/\.lock\.sqlite$/, ''))) {
    const digest = `sha256:${name}`;
    if (!isDigest(digest)) continue;
    const path = partialPath(storeDir, digest);
    const found = await sizeAndAge(path, now);
    if (found !== undefined && found.age < keptFor) continue;
    await forget(path);
    if (found !== undefined) removed.push({ digest, size: found.size });
  }
  return removed;
}

/** Removes what is kept of a download. The caller holds the exclusive lock of the store. */
export async function forgetDownload(storeDir: string, digest: Digest): Promise<void> {
  await forget(partialPath(storeDir, digest));
}

async function openPartial(
  store: Store,
  blob: Descriptor,
  { lock, onHashed, signal }: ClaimProgress & { readonly lock: Disposable },
): Promise<PartialDownload> {
  const path = partialPath(store.dir, blob.digest);
  // More than the whole is nothing that could be gone on with.
  if ((await keptBytes(store, blob.digest)) > blob.size) await rm(path, { force: true });
  const open = () => store.blobs.resume(path, bytes => onHashed?.(bytes), signal);
  let ingest: FileIngest = await open();
  const resumedFrom = ingest.size;
  let restarted = false;
  const growing = new GrowingFile();
  growing.grownTo(ingest.written);
  return {
    resumedFrom,
    get restarted() {
      return restarted;
    },
    get size() {
      return ingest.size;
    },
    async write(chunk) {
      await ingest.write(chunk);
      growing.grownTo(ingest.written);
    },
    follow: () => growing.follow(path),
    async commit() {
      await ingest.commitAs(blob);
      growing.grownTo(blob.size);
      growing.end('complete');
      lock[Symbol.dispose]();
      await forget(path);
    },
    async restart() {
      growing.end('abandoned');
      await ingest.abort();
      ingest = await open();
      restarted = true;
    },
    async [Symbol.asyncDispose]() {
      growing.end('abandoned');
      await ingest.suspend();
      // Nothing is worth no file.
      if ((await sizeAndAge(path))?.size === 0) await rm(path, { force: true });
      lock[Symbol.dispose]();
    },
  };
}

async function claimLock(path: string, { onWait, signal }: ClaimProgress): Promise<Disposable> {
  const held = tryLock(path, lockStatements.exclusive);
  if (held !== undefined) return held;
  onWait?.();
  return await waitForLock(path, lockStatements.exclusive, signal);
}

async function forget(path: string): Promise<void> {
  await rm(path, { force: true });
  // On Windows one who waits may have it open: then it stays until garbage is collected.
  if (existsSync(lockPath(path))) await rm(lockPath(path), { force: true }).catch(() => undefined);
}

async function sizeAndAge(
  path: string,
  now = Date.now(),
): Promise<{ readonly size: number; readonly age: number } | undefined> {
  try {
    const { size, mtimeMs } = await withFailure('look at', path, () => stat(path));
    return { size, age: now - mtimeMs };
  } catch (error) {
    if (error instanceof Error && errnoOf(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}

function downloadsDir(storeDir: string): string {
  return join(storeDir, 'downloads');
}

function partialPath(storeDir: string, digest: Digest): string {
  return join(downloadsDir(storeDir), digestHex(digest));
}

function lockPath(path: string): string {
  return `${path}.lock.sqlite`;
}
