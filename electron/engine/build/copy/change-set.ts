import { AppError } from '../../../../shared/failure.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import { pathKey } from '../../layer/path-key.ts';
import { folderOf, type SourceNode } from '../sources/source-tree.ts';
import { comparePaths } from '../code-point-order.ts';
import type { Copyable } from './collect.ts';
import { volumePath, type ImageFiles } from './image-files.ts';
import type { Placed } from './place.ts';

/** What a step leaves at a path below the volume root; paths have the spelling that the layer gets. */
export type Change =
  /** A folder that the image has: it is written again, as it was, because something below it changes. */
  | { readonly kind: 'kept-folder'; readonly path: string; readonly entry: LayerEntry }
  | { readonly kind: 'folder'; readonly path: string; readonly node?: SourceNode }
  | {
      readonly kind: 'content';
      readonly path: string;
      readonly node: Exclude<Copyable, { kind: 'directory' }>;
    };

/** The changes of one step, merged into what the image has. */
export interface ChangeSet {
  /** Makes sure that a folder is there, with its parents. Fails with `destination-refused` where a file is in the way. */
  addFolder(path: string, node?: SourceNode, signal?: AbortSignal): Promise<void>;
  /** Adds or replaces what stands at `placed.target`. */
  add(placed: Placed, signal?: AbortSignal): Promise<void>;
  /** All changes, parents before children; none where nothing but existing folders was touched. */
  sorted(): Change[];
}

/** Starts with no change. Names are compared as Windows compares them. */
export function createChangeSet(files: ImageFiles): ChangeSet {
  const changes = new Map<string, Change>();
  let changed = false;

  /** Returns the folder's path in the spelling that it has in the image or in this layer. */
  async function ensureFolder(
    path: string,
    node?: SourceNode,
    signal?: AbortSignal,
  ): Promise<string> {
    if (path === '') return '';
    const known = changes.get(pathKey(path));
    if (known) {
      if (known.kind === 'content')
        throw refused(path, 'a folder is copied there, but this step has put a file there.');
      return known.path;
    }
    const parent = await ensureFolder(folderOf(path), undefined, signal);
    const existing = await files.find(path, signal);
    const change = existing ? keptFolder(path, existing) : newFolder(parent, path, node);
    changes.set(pathKey(path), change);
    changed ||= !existing;
    return change.path;
  }
  return {
    async addFolder(path, node, signal) {
      await ensureFolder(path, node, signal);
    },
    async add({ target, node }, signal) {
      if (node.kind === 'directory') {
        await ensureFolder(target, node, signal);
        return;
      }
      const key = pathKey(target);
      const known = changes.get(key);
      if (known && known.kind !== 'content')
        throw refused(target, 'a file is copied there, but it is a folder.');
      const parent = await ensureFolder(folderOf(target), undefined, signal);
      const existing = known ? undefined : await files.find(target, signal);
      if (existing?.kind === 'directory')
        throw refused(target, 'a file is copied there, but the image has a folder there.');
      const name = lastPart(known?.path ?? (existing ? volumePath(existing.path) : target));
      changes.set(key, { kind: 'content', path: below(parent, name), node });
      changed = true;
    },
    sorted: () =>
      changed ? [...changes.values()].sort((a, b) => comparePaths(a.path, b.path)) : [],
  };
}

function keptFolder(path: string, entry: LayerEntry): Change {
  if (entry.kind === 'directory')
    return { kind: 'kept-folder', path: volumePath(entry.path), entry };
  const what = entry.kind === 'symlink' ? 'a link' : 'a file';
  throw refused(path, `a folder is copied there, but the image has ${what} there.`);
}

function newFolder(parent: string, path: string, node: SourceNode | undefined): Change {
  return { kind: 'folder', path: below(parent, lastPart(path)), ...(node ? { node } : {}) };
}

function below(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function refused(path: string, problem: string): AppError {
  return new AppError({ code: 'destination-refused', path, problem });
}
