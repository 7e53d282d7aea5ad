import { pathKey } from '../../../shared/windows/windows-path.ts';
import type {
  ChangeKind,
  FilePage,
  FileRow,
  TreemapCell,
} from '../../../shared/ipc/image-views.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import { entryIn } from './entry-change.ts';
import { changeBit, changeRank, type ViewNode } from './view-node.ts';

/** Which rows of a directory are wanted, and in what order. */
export interface ChildrenQuery {
  /** `''` for the root, else a path such as `Files/Windows`, in any case. */
  readonly directory: string;
  readonly sort: 'name' | 'size' | 'change';
  /** Only these, and directories that have such below them. */
  readonly changes?: readonly ChangeKind[] | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** One page of what is in a directory; empty if there is no such directory. */
export function childrenPage(
  root: ViewNode,
  layersBaseFirst: readonly LayerIndex[],
  query: ChildrenQuery,
): FilePage {
  const found = findView(root, query.directory);
  const wanted = changeMask(query.changes);
  const children = [...(found?.node.children?.values() ?? [])].filter(
    child => (child.changes & wanted) !== 0,
  );
  children.sort(orders[query.sort]);
  const page = children.slice(query.offset, query.offset + query.limit);
  const path = found?.path ?? '';
  return {
    rows: page.map(child => rowOf(child, joined(path, child.name), layersBaseFirst)),
    total: children.length,
  };
}

/** The largest children of a directory, and one cell for all others together. */
export function treemapCells(root: ViewNode, directory: string, limit: number): TreemapCell[] {
  const found = findView(root, directory);
  const children = [...(found?.node.children?.values() ?? [])].filter(
    child => child.change !== 'deleted' && child.kind !== 'hard-link' && child.size > 0,
  );
  children.sort(orders.size);
  const path = found?.path ?? '';
  const shown = children.length > limit ? children.slice(0, limit - 1) : children;
  const cells: TreemapCell[] = shown.map(({ name, size, change, kind }) => {
    return { path: joined(path, name), name, size, change, directory: kind === 'directory' };
  });
  const rest = children.slice(shown.length);
  if (rest.length === 0) return cells;
  const size = rest.reduce((sum, child) => sum + child.size, 0);
  return [
    ...cells,
    { path, name: '', size, change: 'unchanged', directory: false, rest: rest.length },
  ];
}

/** A node of a view and its path as it is spelled. */
export interface FoundView {
  readonly node: ViewNode;
  readonly path: string;
}

/** Looks a path up in a view, in any case. */
export function findView(root: ViewNode, path: string): FoundView | undefined {
  let found: FoundView = { node: root, path: '' };
  for (const segment of path.split('/').filter(text => text !== '')) {
    const node = found.node.children?.get(pathKey(segment));
    if (!node) return undefined;
    found = { node, path: joined(found.path, node.name) };
  }
  return found;
}

/** The row of a node. */
export function rowOf(
  view: ViewNode,
  path: string,
  layersBaseFirst: readonly LayerIndex[],
): FileRow {
  const { name, kind, change, size, files, layerIndex, node } = view;
  const isLink = kind === 'hard-link' || kind === 'symlink' || kind === 'junction';
  const entry = isLink ? entryIn({ node, layersBaseFirst }) : undefined;
  return {
    path,
    name,
    kind,
    change,
    size,
    ...(kind === 'directory' && { files }),
    ...(entry && 'target' in entry && { target: entry.target }),
    layerIndex,
  };
}

/** The bits of the wanted changes; all of them if nothing is said. */
export function changeMask(changes: readonly ChangeKind[] | undefined): number {
  if (!changes || changes.length === 0) return -1;
  return changes.reduce((mask, change) => mask | changeBit(change), 0);
}

/** A path below another; `''` is the root. */
export function joined(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

const orders = {
  name: (a: ViewNode, b: ViewNode) => directoriesFirst(a, b) || byName(a, b),
  size: (a: ViewNode, b: ViewNode) => b.size - a.size || byName(a, b),
  change: (a: ViewNode, b: ViewNode) =>
    changeRank(a.change) - changeRank(b.change) || directoriesFirst(a, b) || byName(a, b),
};

function directoriesFirst(a: ViewNode, b: ViewNode): number {
  return Number(b.kind === 'directory') - Number(a.kind === 'directory');
}

function byName(a: ViewNode, b: ViewNode): number {
  const [left, right] = [pathKey(a.name), pathKey(b.name)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
