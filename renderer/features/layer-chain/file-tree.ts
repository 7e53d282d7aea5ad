import type { Failure } from '../../../shared/failure.ts';
import type { FilePage, FileRow } from '../../../shared/ipc/image-views.ts';
import type { TreeRow } from '../../components/tree-view.tsx';
import { visible } from '../../components/visible.ts';

/** What is loaded of one directory. */
export interface LoadedDirectory {
  readonly rows: readonly FileRow[];
  /** How many there are; unknown until the first page came. */
  readonly total?: number;
  readonly failure?: Failure;
}

/** A tree as far as it was opened. The layer's root has the path ''. */
export interface FileTree {
  readonly directories: ReadonlyMap<string, LoadedDirectory>;
  readonly expanded: ReadonlySet<string>;
}

export type TreeItem =
  | { readonly kind: 'file'; readonly row: FileRow }
  /** Stands for rows that are still to come. */
  | { readonly kind: 'more'; readonly directory: string }
  | { readonly kind: 'failed'; readonly directory: string; readonly failure: Failure }
  | { readonly kind: 'empty' };

export const emptyTree: FileTree = { directories: new Map(), expanded: new Set() };

/** Adds a page that came at `offset`; a page that does not follow on what is there is dropped. */
export function withPage(
  tree: FileTree,
  directory: string,
  offset: number,
  page: FilePage,
): FileTree {
  const before = tree.directories.get(directory)?.rows ?? [];
  if (before.length !== offset) return tree;
  return withDirectory(tree, directory, { rows: [...before, ...page.rows], total: page.total });
}

/** Notes that the next page of a directory could not be had. */
export function withFailure(tree: FileTree, directory: string, failure: Failure): FileTree {
  const before = tree.directories.get(directory) ?? { rows: [] };
  return withDirectory(tree, directory, { ...before, failure });
}

/** Forgets a failure, so that the page is asked for again. */
export function withoutFailure(tree: FileTree, directory: string): FileTree {
  const { failure: _, ...rest } = tree.directories.get(directory) ?? { rows: [] };
  return withDirectory(tree, directory, rest);
}

function withDirectory(tree: FileTree, directory: string, loaded: LoadedDirectory): FileTree {
  return { ...tree, directories: new Map(tree.directories).set(directory, loaded) };
}

/** Opens a directory, or shuts it; what was loaded of it stays. */
export function toggled(tree: FileTree, directory: string): FileTree {
  const expanded = new Set(tree.expanded);
  if (!expanded.delete(directory)) expanded.add(directory);
  return { ...tree, expanded };
}

/** Whether a directory has rows that are not loaded and may be asked for. */
export function isIncomplete(tree: FileTree, directory: string): boolean {
  const loaded = tree.directories.get(directory);
  if (loaded === undefined || loaded.total === undefined) return loaded?.failure === undefined;
  return loaded.failure === undefined && loaded.rows.length < loaded.total;
}

/** The rows that are in view, top to bottom. */
export function treeRows(tree: FileTree): readonly TreeRow<TreeItem>[] {
  const rows: TreeRow<TreeItem>[] = [];
  addDirectory(tree, '', 1, rows);
  return rows;
}

function addDirectory(
  tree: FileTree,
  directory: string,
  level: number,
  rows: TreeRow<TreeItem>[],
): void {
  const loaded = tree.directories.get(directory);
  const setSize = loaded?.total ?? -1;
  for (const [index, row] of (loaded?.rows ?? []).entries()) {
    const isDirectory = row.kind === 'directory';
    const expanded = tree.expanded.has(row.path);
    rows.push({
      rowKey: keyOf(directory, index),
      value: { kind: 'file', row },
      level,
      text: visible(row.name),
      posInSet: index + 1,
      setSize,
      ...(isDirectory ? { expanded } : {}),
    });
    if (isDirectory && expanded) addDirectory(tree, row.path, level + 1, rows);
  }
  const last = lastItem(tree, directory, loaded);
  const rowKey = keyOf(directory, loaded?.rows.length ?? 0);
  if (last) rows.push({ rowKey, value: last, level, text: '', posInSet: setSize, setSize });
}

/**
 * Rows are known by their place, so that a cursor on the row that stands for more is on the first row of what came.
 * A NUL is in no path.
 */
function keyOf(directory: string, index: number): string {
  return `${directory}\0${index}`;
}

/** The key of the row of a path; undefined where it is not in view. */
export function keyOfPath(
  rows: readonly TreeRow<TreeItem>[],
  path: string | undefined,
): string | undefined {
  return rows.find(({ value }) => value.kind === 'file' && value.row.path === path)?.rowKey;
}

function lastItem(
  tree: FileTree,
  directory: string,
  loaded: LoadedDirectory | undefined,
): TreeItem | undefined {
  if (loaded?.failure) return { kind: 'failed', directory, failure: loaded.failure };
  if (isIncomplete(tree, directory)) return { kind: 'more', directory };
  return loaded?.total === 0 ? { kind: 'empty' } : undefined;
}
