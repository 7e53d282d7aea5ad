import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled } from '../content/cancel.ts';
import { errnoOf, fileFailure, undefinedIfMissing } from '../content/file-system.ts';

/** A file or folder in a folder of the store; the size is in bytes, with all below a folder. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was last written, in ms since 1970. */
  readonly writtenAt: number;
}

/**
 * What lies in a folder, but for the names in `without`, which are not looked at; nothing where there is no such folder.
 * What goes away meanwhile is left out.
 */
export async function entriesIn(
  dir: string,
  signal?: AbortSignal,
  without: ReadonlySet<string> = new Set(),
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const name of await namesIn(dir)) {
    throwIfCancelled(signal);
    if (without.has(name)) continue;
    const path = join(dir, name);
    const found = await lstat(path).catch(undefinedIfMissing);
    if (found === undefined) continue;
    const bytes = found.isDirectory() ? await bytesBelow(path, signal) : found.size;
    entries.push({ name, path, bytes, writtenAt: found.mtimeMs });
  }
  return entries;
}

/** What the files below a folder take, in bytes. Links are not followed: they may lead out of the store. */
export async function bytesBelow(dir: string, signal?: AbortSignal): Promise<number> {
  let bytes = 0;
  const folders = [dir];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of await namesIn(folder)) {
      throwIfCancelled(signal);
      const path = join(folder, name);
      const found = await lstat(path).catch(undefinedIfMissing);
      if (found?.isDirectory() === true) folders.push(path);
      else bytes += found?.size ?? 0;
    }
  }
  return bytes;
}

/** The names in a folder; none where there is no such folder. */
export async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw fileFailure(error, 'list', dir);
  }
}
