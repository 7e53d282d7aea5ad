import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { IgnoreMatcher, ParentMatch } from '../../../../shared/dockerfile/dockerignore.ts';
import type { ContextShare, PreflightContext } from '../../../../shared/ipc/preflight-views.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import { fileFailure } from '../../content/file-system.ts';

/** Enough for the largest of projects; beyond it, how much more there is helps nobody. */
const mostEntries = 500_000;
const mostShares = 10;
const statsAtOnce = 32;

/** Is told of every file and folder that counts, with its path relative to the context. */
export type ContextVisitor = (entry: {
  readonly path: string;
  readonly name: string;
  readonly kind: 'file' | 'directory';
  /** In bytes; 0 for a folder. */
  readonly size: number;
}) => void;

/** Is told of the names of each folder, once. */
export type NamesVisitor = (folder: string, names: readonly string[]) => void;

export interface ScanOptions {
  readonly ignore: IgnoreMatcher | undefined;
  readonly onEntry: ContextVisitor;
  readonly onNames: NamesVisitor;
}

interface Folder {
  readonly path: string;
  readonly match: ParentMatch;
  /** The entry of the context's own folder that it is below. */
  readonly share: string;
}

/** Walks a context as a build reads it. Follows no links. Fails with `file-system` where the folder cannot be read. */
export async function scanContext(
  dir: string,
  options: ScanOptions,
  signal?: AbortSignal,
): Promise<PreflightContext> {
  const shares = new Map<string, { files: number; bytes: number }>();
  const counts = { files: 0, bytes: 0, ignored: 0, entries: 0 };
  const waiting: Folder[] = [{ path: '', match: undefined, share: '' }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    throwIfCancelled(signal);
    if (counts.entries >= mostEntries) break;
    const { folders, files } = await readFolder(dir, folder, options);
    counts.entries += folders.length + files.length;
    for (const below of folders) {
      if (below.isIgnored) counts.ignored++;
      if (below.isIgnored && !options.ignore?.mayReinclude(below.path)) continue;
      if (!below.isIgnored) options.onEntry({ ...below, kind: 'directory', size: 0 });
      waiting.push({ ...below, share: folder.share === '' ? below.name : folder.share });
    }
    counts.ignored += files.filter(({ isIgnored }) => isIgnored).length;
    const kept = files.filter(({ isIgnored }) => !isIgnored);
    for (const file of await sized(dir, kept)) {
      counts.files++;
      counts.bytes += file.size;
      options.onEntry({ ...file, kind: 'file' });
      const name = folder.share === '' ? file.name : folder.share;
      const share = shares.get(name) ?? { files: 0, bytes: 0 };
      shares.set(name, { files: share.files + 1, bytes: share.bytes + file.size });
    }
  }
  const { bytes, files, ignored } = counts;
  return { dir, files, bytes, ignored, isCut: waiting.length > 0, biggest: biggestOf(shares) };
}

interface Entry {
  readonly path: string;
  readonly name: string;
  readonly isIgnored: boolean;
  readonly match: readonly boolean[] | undefined;
}

async function readFolder(
  dir: string,
  folder: Folder,
  { ignore, onNames }: ScanOptions,
): Promise<{ readonly folders: readonly Entry[]; readonly files: readonly Entry[] }> {
  const entries = await entriesOf(dir, folder.path);
  const read = entries.map(entry => {
    const relative = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
    const checked = ignore?.check(relative, folder.match);
    return {
      path: relative,
      name: entry.name,
      isFolder: entry.isDirectory(),
      isIgnored: checked?.ignored ?? false,
      match: checked?.match,
    };
  });
  onNames(
    folder.path,
    read.filter(({ isIgnored }) => !isIgnored).map(({ name }) => name),
  );
  return {
    folders: read.filter(({ isFolder }) => isFolder),
    files: read.filter(({ isFolder }) => !isFolder),
  };
}

async function entriesOf(dir: string, folder: string): Promise<readonly Dirent[]> {
  const place = path.join(dir, folder);
  try {
    return await readdir(place, { withFileTypes: true });
  } catch (error) {
    // A folder below that cannot be read is the build's to complain about, if it is copied.
    if (folder !== '') return [];
    throw fileFailure(error, 'look at', place);
  }
}

/** A file that vanishes meanwhile has no size. */
async function sized(
  dir: string,
  files: readonly Entry[],
): Promise<readonly (Entry & { readonly size: number })[]> {
  const found: (Entry & { readonly size: number })[] = [];
  for (let at = 0; at < files.length; at += statsAtOnce) {
    const some = files.slice(at, at + statsAtOnce).map(async file => {
      const stats = await lstat(path.join(dir, file.path)).catch(() => undefined);
      return { ...file, size: stats?.isFile() === true ? stats.size : 0 };
    });
    found.push(...(await Promise.all(some)));
  }
  return found;
}

function biggestOf(
  shares: ReadonlyMap<string, { readonly files: number; readonly bytes: number }>,
): readonly ContextShare[] {
  return Array.from(shares, ([name, share]) => ({ path: name, ...share }))
    .toSorted((a, b) => b.bytes - a.bytes || b.files - a.files)
    .slice(0, mostShares);
}
