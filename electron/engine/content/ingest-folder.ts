import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withFailure } from './file-system.ts';
import { lockStatements, tryLock, type StoreLock } from './store-lock.ts';

/**
 * Where a process writes blobs aside. Each process has its own folder below `ingest/` and holds a lock on a lease file
 * in it while it lives, so that others can tell what a dead process left behind, without trusting process ids.
 */
export class IngestFolder implements AsyncDisposable {
  readonly #ingestDir: string;
  readonly #lock: StoreLock;
  #own: Promise<{ readonly dir: string; readonly lease: Disposable }> | undefined;
  #count = 0;

  constructor(ingestDir: string, lock: StoreLock) {
    this.#ingestDir = ingestDir;
    this.#lock = lock;
  }

  /** A path for a new file. The first call makes the folder. */
  async newFile(): Promise<string> {
    this.#own ??= this.#claim();
    const { dir } = await this.#own;
    this.#count += 1;
    return join(dir, String(this.#count));
  }

  /** Removes this process's folder with everything in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const own = await this.#own;
    this.#own = undefined;
    own?.lease[Symbol.dispose]();
    if (own !== undefined) await rm(own.dir, { recursive: true, force: true });
  }

  // Under the lock for names, so that nobody sweeps the folder between its making and its lease.
  async #claim(): Promise<{ readonly dir: string; readonly lease: Disposable }> {
    using _ = await this.#lock.names();
    const dir = join(this.#ingestDir, randomUUID());
    await withFailure('create', dir, () => mkdir(dir, { recursive: true }));
    const lease = tryLock(leasePath(dir), lockStatements.exclusive);
    if (lease === undefined) throw new Error(`the lease of the new folder ${dir} is taken`);
    return { dir, lease };
  }
}

/** Removes the folders of processes that are gone. The caller holds the lock for names. */
export async function sweepIngest(ingestDir: string): Promise<void> {
  for (const entry of await readdir(ingestDir)) {
    const dir = join(ingestDir, entry);
    if (isAlive(dir)) continue;
    await withFailure('remove', dir, () => rm(dir, { recursive: true, force: true }));
  }
}

function isAlive(dir: string): boolean {
  const lease = leasePath(dir);
  if (!existsSync(lease)) return false;
  const held = tryLock(lease, lockStatements.exclusive);
  held?.[Symbol.dispose]();
  return held === undefined;
}

function leasePath(dir: string): string {
  return join(dir, 'lease.sqlite');
}
