import { AppError } from '../../../../shared/failure.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import { fileNameProblem } from '../../../../shared/windows/file-names.ts';
import { pathKey } from '../../../../shared/windows/windows-path.ts';
import { baseName, folderOf, joinPath, type SourceNode } from '../sources/source-tree.ts';
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
  const known = createKnownNames();
  let changed = false;

  /** Returns the folder's path in the spelling that it has in the image or in this layer. */
  async function ensureFolder(
    path: string,
    node?: SourceNode,
    signal?: AbortSignal,
  ): Promise<string> {
    if (path === '') return '';
    const before = known.get(path);
    if (before) {
      if (before.kind === 'content')
        throw refused(path, 'a folder is copied there, but this step has put a file there.');
      return before.path;
    }
    const parent = await ensureFolder(folderOf(path), undefined, signal);
    const existing = await files.find(path, signal);
    const change = existing ? keptFolder(path, existing) : newFolder(parent, path, node);
    known.set(path, change);
    changed ||= !existing;
    return change.path;
  }
  async function addContent(
    target: string,
    node: Exclude<Copyable, { kind: 'directory' }>,
    signal?: AbortSignal,
  ): Promise<void> {
    const before = known.get(target);
    if (before && before.kind !== 'content')
      throw refused(target, 'a file is copied there, but it is a folder.');
    const parent = await ensureFolder(folderOf(target), undefined, signal);
    const existing = before ? undefined : await files.find(target, signal);
    if (existing?.kind === 'directory')
      throw refused(target, 'a file is copied there, but the image has a folder there.');
    const name = baseName(before?.path ?? (existing ? volumePath(existing.path) : target));
    if (!existing) checkName(target, node);
    known.set(target, { kind: 'content', path: joinPath(parent, name), node });
    changed = true;
  }
  return {
    async addFolder(path, node, signal) {
      await ensureFolder(path, node, signal);
    },
    async add({ target, node }, signal) {
      if (node.kind === 'directory') await ensureFolder(target, node, signal);
      else await addContent(target, node, signal);
    },
    sorted: () => (changed ? known.changes().sort((a, b) => comparePaths(a.path, b.path)) : []),
  };
}

interface KnownNames {
  /** Fails with `source-refused` where this step has written the same name with other capitals. */
  get(path: string): Change | undefined;
  set(path: string, change: Change): void;
  changes(): Change[];
}

function createKnownNames(): KnownNames {
  const known = new Map<string, { readonly written: string; readonly change: Change }>();
  return {
    get(path) {
      const found = known.get(pathKey(path));
      if (!found) return undefined;
      if (baseName(found.written) !== baseName(path)) throw collision(path, found.written);
      return found.change;
    },
    set: (path, change) => known.set(pathKey(path), { written: path, change }),
    changes: () => [...known.values()].map(({ change }) => change),
  };
}

function keptFolder(path: string, entry: LayerEntry): Change {
  if (entry.kind === 'directory')
    return { kind: 'kept-folder', path: volumePath(entry.path), entry };
  const what = entry.kind === 'symlink' ? 'a link' : 'a file';
  throw refused(path, `a folder is copied there, but the image has ${what} there.`);
}

function newFolder(parent: string, path: string, node: SourceNode | undefined): Change {
  checkName(path, node);
  return { kind: 'folder', path: joinPath(parent, baseName(path)), ...(node ? { node } : {}) };
}

/** `.wh.` marks what a layer removes (image-spec, layer.md): a file of that name would remove another one. */
function checkName(target: string, node: SourceNode | undefined): void {
  const name = baseName(target);
  const problem = name.startsWith('.wh.')
    ? 'begins with ".wh.", which marks removed files in a layer'
    : fileNameProblem(name);
  if (problem === undefined) return;
  throw new AppError({
    code: 'source-refused',
    path: node?.path ?? target,
    problem: `the name "${name}" ${problem}.`,
  });
}

function collision(path: string, other: string): AppError {
  return new AppError({
    code: 'source-refused',
    path,
    problem: `Windows cannot tell it from "${other}": the names differ only by upper and lower case.`,
  });
}

function refused(path: string, problem: string): AppError {
  return new AppError({ code: 'destination-refused', path, problem });
}
