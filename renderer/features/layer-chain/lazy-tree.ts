import type { Failure } from '../../../shared/failure.ts';
import type { TreeRow } from '../../components/tree-view.tsx';
import { visible } from '../../components/visible.ts';

/** Something with a place in a tree: a file, a key. */
export interface LazyRow {
  readonly path: string;
  readonly name: string;
}

/** Some of the rows that there are. */
export interface PageOf<R> {
  readonly rows: readonly R[];
  readonly total: number;
}

/** What is loaded of one directory. */
export interface LoadedDirectory<R> {
  readonly rows: readonly R[];
  /** How many there are; unknown until the first page came. */
  readonly total?: number;
  readonly failure?: Failure;
}

/** A tree as far as it was opened. Its root has the path ''. */
export interface LazyTree<R> {
  readonly directories: ReadonlyMap<string, LoadedDirectory<R>>;
  readonly expanded: ReadonlySet<string>;
}

export type TreeItem<R> =
  | { readonly kind: 'row'; readonly row: R }
  /** Stands for rows that are still to come. */
  | { readonly kind: 'more'; readonly directory: string }
  | { readonly kind: 'failed'; readonly directory: string; readonly failure: Failure }
  | { readonly kind: 'empty' };

/** A tree of which nothing is loaded; what is in `expanded` is open once it came. */
export function emptyTree<R>(expanded: ReadonlySet<string> = new Set()): LazyTree<R> {
  return { directories: new Map(), expanded };
}

/** Adds a page that came at `offset`; a page that does not follow on what is there is dropped. */
export function withPage<R>(
  tree: LazyTree<R>,
  directory: string,
  offset: number,
  page: PageOf<R>,
): LazyTree<R> {
  const before = tree.directories.get(directory)?.rows ?? [];
  if (before.length !== offset) return tree;
  return withDirectory(tree, directory, { rows: [...before, ...page.rows], total: page.total });
}

/** Notes that the next page of a directory could not be had. */
export function withFailure<R>(
  tree: LazyTree<R>,
  directory: string,
  failure: Failure,
): LazyTree<R> {
  const before = tree.directories.get(directory) ?? { rows: [] };
  return withDirectory(tree, directory, { ...before, failure });
}

/** Forgets a failure, so that the page is asked for again. */
export function withoutFailure<R>(tree: LazyTree<R>, directory: string): LazyTree<R> {
  const { failure: _, ...rest } = tree.directories.get(directory) ?? { rows: [] };
  return withDirectory(tree, directory, rest);
}

function withDirectory<R>(
  tree: LazyTree<R>,
  directory: string,
  loaded: LoadedDirectory<R>,
): LazyTree<R> {
  return { ...tree, directories: new Map(tree.directories).set(directory, loaded) };
}

/** Opens a directory, or shuts it; what was loaded of it stays. */
export function toggled<R>(tree: LazyTree<R>, directory: string): LazyTree<R> {
  const expanded = new Set(tree.expanded);
  if (!expanded.delete(directory)) expanded.add(directory);
  return { ...tree, expanded };
}

/** Opens every directory above a path. */
export function revealed<R>(tree: LazyTree<R>, path: string, separator: string): LazyTree<R> {
  return { ...tree, expanded: new Set([...tree.expanded, ...parentsOf(path, separator)]) };
}

/** The directories above a path, uppermost first, without the root. */
export function parentsOf(path: string, separator: string): readonly string[] {
  const names = path.split(separator);
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join(separator));
}

/** Whether a directory has rows that are not loaded and may be asked for. */
export function isIncomplete<R>(tree: LazyTree<R>, directory: string): boolean {
  const loaded = tree.directories.get(directory);
  if (loaded === undefined || loaded.total === undefined) return loaded?.failure === undefined;
  return loaded.failure === undefined && loaded.rows.length < loaded.total;
}

/** The rows that are in view, top to bottom. `opens` tells which have something below them. */
export function treeRows<R extends LazyRow>(
  tree: LazyTree<R>,
  opens: (row: R) => boolean,
): readonly TreeRow<TreeItem<R>>[] {
  const rows: TreeRow<TreeItem<R>>[] = [];
  addDirectory('', 1);
  return rows;

  function addDirectory(directory: string, level: number): void {
    const loaded = tree.directories.get(directory);
    const setSize = loaded?.total ?? -1;
    for (const [index, row] of (loaded?.rows ?? []).entries()) {
      const canOpen = opens(row);
      const expanded = canOpen && tree.expanded.has(row.path);
      rows.push({
        rowKey: keyOf(directory, index),
        value: { kind: 'row', row },
        level,
        text: visible(row.name),
        posInSet: index + 1,
        setSize,
        ...(canOpen ? { expanded } : {}),
      });
      if (expanded) addDirectory(row.path, level + 1);
    }
    const last = lastItem(tree, directory);
    const rowKey = keyOf(directory, loaded?.rows.length ?? 0);
    if (last) rows.push({ rowKey, value: last, level, text: '', posInSet: setSize, setSize });
  }
}

/**
 * Rows are known by their place, so that a cursor on the row that stands for more is on the first row of what came.
 * A NUL is in no path.
 */
function keyOf(directory: string, index: number): string {
  return `${directory}\0${index}`;
}

/** The key of the row of a path; undefined where it is not in view. */
export function keyOfPath<R extends LazyRow>(
  rows: readonly TreeRow<TreeItem<R>>[],
  path: string | undefined,
): string | undefined {
  return rows.find(({ value }) => value.kind === 'row' && value.row.path === path)?.rowKey;
}

function lastItem<R>(tree: LazyTree<R>, directory: string): TreeItem<R> | undefined {
  const loaded = tree.directories.get(directory);
  if (loaded?.failure) return { kind: 'failed', directory, failure: loaded.failure };
  if (isIncomplete(tree, directory)) return { kind: 'more', directory };
  return loaded?.total === 0 ? { kind: 'empty' } : undefined;
}
