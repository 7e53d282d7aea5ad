import { readdirSync, readlinkSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../../shared/failure.ts';
import type { IgnoreMatcher } from '../../../../shared/dockerfile/dockerignore.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import { createBreathe } from '../breathe.ts';
import { compareCodePoints } from '../code-point-order.ts';
import { exactModified, hostFailure, lstatIfThere } from './host-file.ts';
import { HostFileNode, HostNode, hostPathIn, type HostRoot } from './host-node.ts';
import {
  folderOf,
  joinPath,
  type LinkNode,
  type SourceNode,
  type SourceTree,
} from './source-tree.ts';

export interface FolderTreeOptions extends HostRoot {
  readonly label: string;
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
    throwIfCancelled(signal);
    const nodes: SourceNode[] = [];
    const breathe = createBreathe();
    for (const name of entryNames(options.rootDir, folder)) {
      const pause = breathe();
      if (pause) {
        await pause;
        throwIfCancelled(signal);
      }
      const looked = find(joinPath(folder, name), signal);
      // Most need no waiting, and a wait costs more than the look.
      const found = looked instanceof Promise ? await looked : looked;
      if (found.kind === 'absent') throw vanished(found.path);
      if (found.kind !== 'hidden') nodes.push(found);
    }
    return nodes;
  }
  function find(relative: string, signal?: AbortSignal): Found | Promise<Found> {
    const hidden = relative !== '' && ignores.isIgnored(relative);
    if (hidden && !options.ignore?.mayReinclude(relative)) return { kind: 'hidden' };
    const stats = lstatIfThere(hostPathIn(options.rootDir, relative), relative);
    if (!stats) return { kind: 'absent', path: relative };
    const node = nodeOf(options, relative, stats);
    if (!hidden) return node;
    return node.kind === 'directory' ? hiddenFolder(node, signal) : { kind: 'hidden' };
  }
  /** An ignored folder exists only for the sake of what a later pattern brings back. */
  async function hiddenFolder(node: SourceNode, signal?: AbortSignal): Promise<Found> {
    const isUsed = (await list(node.path, signal)).length > 0;
    return isUsed ? node : { kind: 'hidden' };
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
      lstatIfThere(hostPathIn(options.rootDir, relative), relative) !== undefined,
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

function entryNames(rootDir: string, folder: string): string[] {
  const hostPath = hostPathIn(rootDir, folder);
  try {
    const names = readdirSync(hostPath);
    // Below the surrogates the order of UTF-16 is that of the code points, and the built-in one is much faster.
    return /[\ud800-\uffff]/.test(names.join('')) ? names.sort(compareCodePoints) : names.sort();
  } catch (error) {
    throw hostFailure(error, hostPath, folder);
  }
}

function nodeOf(options: FolderTreeOptions, relative: string, stats: Stats): SourceNode {
  const { rootDir } = options;
  if (stats.isFile()) return new HostFileNode(options, relative, stats);
  if (stats.isDirectory()) return new HostNode('directory', rootDir, relative);
  if (stats.isSymbolicLink()) return linkNode(hostPathIn(rootDir, relative), relative);
  return new HostNode('special', rootDir, relative);
}

function linkNode(hostPath: string, relative: string): LinkNode {
  return {
    kind: 'symlink',
    path: relative,
    modified: exactModified(hostPath),
    target: linkTarget(hostPath, relative),
    leadsToFolder: leadsToFolder(hostPath),
  };
}

/** Where a link leads does not matter for safety here: only its kind on Windows depends on it. */
function leadsToFolder(hostPath: string): boolean {
  try {
    return statSync(hostPath, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

function linkTarget(hostPath: string, relative: string): string {
  try {
    const target = readlinkSync(hostPath);
    return path.sep === '\\' ? target.replaceAll('\\', '/') : target;
  } catch (error) {
    throw hostFailure(error, hostPath, relative);
  }
}
