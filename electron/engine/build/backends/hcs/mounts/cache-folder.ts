import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Mount } from '../../../../../../shared/dockerfile/mount.ts';
import { exists } from '../../../../content/file-system.ts';
import { lockStatements, tryLock, waitForLock } from '../../../../content/store-lock.ts';
import type { Releases } from '../releases.ts';
import type { MountSource } from './mount-sources.ts';

type CacheMount = Extract<Mount, { type: 'cache' }>;

interface CacheContext {
  /** `<store>/windows/cache-mounts` */
  readonly cachesDir: string;
  readonly releases: Releases;
  readonly note: (line: string) => void;
}

const { exclusive, shared } = lockStatements;

/**
 * The folder of a cache mount, made and seeded where it is new. `shared` and `locked` mean one folder for all; with
 * `locked` one step at a time has it. With `private` whoever comes while a folder is in use gets another one.
 */
export async function cacheFolder(
  mount: CacheMount,
  source: Pick<MountSource, 'write'>,
  context: CacheContext,
  signal?: AbortSignal,
): Promise<string> {
  const { cacheId, sharing } = mount;
  const name = createHash('sha256').update(cacheId).digest('hex').slice(0, 32);
  const dir = path.join(context.cachesDir, name);
  await mkdir(dir, { recursive: true });
  // Tells people whose cache it is; nothing reads it.
  await writeFile(path.join(dir, 'cache-id.txt'), cacheId);
  const folder =
    sharing === 'private'
      ? takePrivate(dir, context)
      : await takeCommon(dir, mount, context, signal);
  await seed(folder, source, signal);
  return folder;
}

async function takeCommon(
  dir: string,
  { cacheId, sharing }: CacheMount,
  { releases, note }: CacheContext,
  signal?: AbortSignal,
): Promise<string> {
  const lockFile = path.join(dir, 'common.sqlite');
  const statements = sharing === 'locked' ? exclusive : shared;
  let held = tryLock(lockFile, statements);
  if (!held) {
    note(`Waits for the cache ${cacheId}, which another step uses.`);
    held = await waitForLock(lockFile, statements, signal);
  }
  keep(held, cacheId, releases);
  return path.join(dir, 'common');
}

function takePrivate(dir: string, { releases }: CacheContext): string {
  for (let number = 1; ; number += 1) {
    const held = tryLock(path.join(dir, `private-${number}.sqlite`), exclusive);
    if (!held) continue;
    keep(held, dir, releases);
    return path.join(dir, `private-${number}`);
  }
}

function keep(held: Disposable, what: string, releases: Releases): void {
  releases.add(`the cache ${what}`, async () => held[Symbol.dispose]());
}

async function seed(
  folder: string,
  { write }: Pick<MountSource, 'write'>,
  signal?: AbortSignal,
): Promise<void> {
  using _ = await waitForLock(`${folder}.seed.sqlite`, exclusive, signal);
  if (await exists(folder)) return;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  await write?.(partial, signal);
  await rename(partial, folder);
}
