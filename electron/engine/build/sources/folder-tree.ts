import { throwIfCancelled } from '../../content/cancel.ts';
import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../shared/failure.ts';
import type { IgnoreMatcher } from '../../../../shared/dockerfile/dockerignore.ts';
import { createBreathe } from '../breathe.ts';
import { compareCodePoints } from '../code-point-order.ts';
import { hostFailure, hostFile, lstatIfThere, readHostFile, type HostFile } from './host-file.ts';
import { folderOf, joinPath, type SourceNode, type SourceTree } from './source-tree.ts';

/** Knows the content of files by a hash, in hex. */
export interface FileHasher {
  hash(file: HostFile, signal?: AbortSignal): Promise<string>;
}

export interface FolderTreeOptions {
  /** Absolute. */
  readonly rootDir: string;
  readonly label: string;
  readonly hasher: FileHasher;
  readonly ignore?: IgnoreMatcher;
}

type Found =
  | SourceNode
  | { readonly kind: 'absent'; readonly path: string }
  | { readonly kind: 'hidden' };

/** The files of a folder, without what `ignore` leaves out. Folders are read when they are asked for, and once. */
export function createFolderTree(options: FolderTreeOptions): SourceTree {
  const listings = new Map<string, Promise<readonly SourceNode[]>>();

  async function list(folder: string, signal?: AbortSignal): Promise<readonly SourceNode[]> {
    const known = listings.get(folder);
    if (known) return known;
    const listing = readFolder(folder, signal);
    listings.set(folder, listing);
    try {
      return await listing;
    } catch (error) {
      listings.delete(folder);
      throw error;
    }
  }
  async function readFolder(folder: string, signal?: AbortSignal): Promise<readonly SourceNode[]> {
    const nodes: SourceNode[] = [];
    const breathe = createBreathe();
    for (const name of await entryNames(options.rootDir, folder)) {
      await breathe();
      throwIfCancelled(signal);
      const found = await find(joinPath(folder, name), signal);
      if (found.kind === 'absent') throw vanished(found.path);
      if (found.kind !== 'hidden') nodes.push(found);
    }
    return nodes;
  }
  async function find(relative: string, signal?: AbortSignal): Promise<Found> {
    const hidden = relative !== '' && ignores.isIgnored(relative);
    if (hidden && !options.ignore?.mayReinclude(relative)) return { kind: 'hidden' };
    const stats = lstatIfThere(path.join(options.rootDir, relative), relative);
    if (!stats) return { kind: 'absent', path: relative };
    const node = await nodeOf(options, relative, stats);
    if (!hidden) return node;
    // An ignored folder exists only for the sake of what a later pattern brings back.
    const used = node.kind === 'directory' && (await list(relative, signal)).length > 0;
    return used ? node : { kind: 'hidden' };
  }
  const ignores = ignoreMemory(options.ignore);
  return {
    label: options.label,
    ignoresCase: false,
    absoluteLinks: 'refused',
    async stat(relative, signal) {
      const found = await find(relative, signal);
      return found.kind === 'absent' || found.kind === 'hidden' ? undefined : found;
    },
    list,
    isIgnored: async relative =>
      ignores.isIgnored(relative) &&
      lstatIfThere(path.join(options.rootDir, relative), relative) !== undefined,
  };
}

/** Remembers what each folder matched, so that a file costs one check. */
function ignoreMemory(matcher: IgnoreMatcher | undefined): { isIgnored(path: string): boolean } {
  const matches = new Map<string, readonly boolean[]>();
  function matchOf(folder: string): readonly boolean[] | undefined {
    if (folder === '' || !matcher) return undefined;
    const known = matches.get(folder);
    if (known) return known;
    const { match } = matcher.check(folder, matchOf(folderOf(folder)));
    matches.set(folder, match);
    return match;
  }
  return {
    isIgnored: relative => matcher?.check(relative, matchOf(folderOf(relative))).ignored ?? false,
  };
}

function vanished(relative: string): AppError {
  const problem = relative.includes('\uFFFD')
    ? 'its name is not valid UTF-8, so no Windows name can be made of it.'
    : 'it vanished while the build was reading its folder.';
  return new AppError({ code: 'source-refused', path: relative, problem });
}

async function entryNames(rootDir: string, folder: string): Promise<string[]> {
  const hostPath = path.join(rootDir, folder);
  try {
    const entries: Dirent[] = await readdir(hostPath, { withFileTypes: true });
    return entries.map(entry => entry.name).sort(compareCodePoints);
  } catch (error) {
    throw hostFailure(error, hostPath, folder);
  }
}

async function nodeOf(
  options: FolderTreeOptions,
  relative: string,
  stats: BigIntStats,
): Promise<SourceNode> {
  const common = { path: relative, modified: stats.mtimeNs };
  if (stats.isDirectory()) return { kind: 'directory', ...common };
  const hostPath = path.join(options.rootDir, relative);
  if (stats.isSymbolicLink())
    return {
      kind: 'symlink',
      ...common,
      target: await linkTarget(hostPath, relative),
      leadsToFolder: await leadsToFolder(hostPath),
    };
  if (!stats.isFile()) return { kind: 'special', ...common };
  const file = hostFile(hostPath, relative, stats);
  return {
    kind: 'file',
    ...common,
    size: file.size,
    fingerprint: signal => options.hasher.hash(file, signal),
    read: signal => readHostFile(file, signal),
  };
}

/** Where a link leads does not matter for safety here: only its kind on Windows depends on it. */
async function leadsToFolder(hostPath: string): Promise<boolean> {
  return stat(hostPath).then(
    stats => stats.isDirectory(),
    () => false,
  );
}

async function linkTarget(hostPath: string, relative: string): Promise<string> {
  try {
    const target = await readlink(hostPath);
    return path.sep === '\\' ? target.replaceAll('\\', '/') : target;
  } catch (error) {
    throw hostFailure(error, hostPath, relative);
  }
}
