import { pathKey } from '../../../shared/windows/windows-path.ts';
import type {
  ChangeKind,
  FilePage,
  FileRow,
  TreemapCell,
} from '../../../shared/ipc/image-views.ts';
import { entryAtOf, mergedName, type MergedNode } from '../layer/merged-tree.ts';
import { byteString } from '../layer/node-builder.ts';
import { changeMask, changeRank } from './changes.ts';
import { entryIn, nodeSize } from './entry-change.ts';
import type { ChainView, Pair } from './layer-view.ts';

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
export function childrenPage(view: ChainView, query: ChildrenQuery): FilePage {
  const found = findPair(view, query.directory);
  const wanted = changeMask(query.changes);
  const children = childItems(view, found?.pair).filter(child => (child.changes & wanted) !== 0);
  children.sort(orders[query.sort]);
  const page = children.slice(query.offset, query.offset + query.limit);
  return {
    rows: page.map(({ pair, name }) => rowOf(view, pair, joined(found?.path ?? '', name))),
    total: children.length,
  };
}

/** The largest children of a directory, and one cell for all others together. */
export function treemapCells(view: ChainView, directory: string, limit: number): TreemapCell[] {
  const found = findPair(view, directory);
  const children = childItems(view, found?.pair).filter(
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

/** A name of a view and its path as it is spelled. */
export interface FoundPair {
  readonly pair: Pair;
  readonly path: string;
}

/** Looks a path up in a view, in any case. */
export function findPair(view: ChainView, path: string): FoundPair | undefined {
  let found: FoundPair = { pair: view.root, path: '' };
  for (const segment of path.split('/').filter(text => text !== '')) {
    const pair = view.child(found.pair, byteString(pathKey(segment)));
    if (!pair) return undefined;
    found = { pair, path: joined(found.path, nameIn(view, pair)) };
  }
  return found;
}

/** What a view shows at a name: what is there, else what was. */
export function shownNode({ before, after }: Pair): MergedNode {
  const node = after ?? before;
  if (!node) throw new Error('a name without a node');
  return node;
}

/** The name as it is spelled. */
export function nameIn({ layersBaseFirst }: ChainView, pair: Pair): string {
  return mergedName(layersBaseFirst, shownNode(pair));
}

/** The row of a name. */
export function rowOf(view: ChainView, pair: Pair, path: string): FileRow {
  const { layersBaseFirst, topLayer } = view;
  const node = shownNode(pair);
  const isDirectory = node.kind === 'directory';
  const change = view.change(pair);
  const summary = isDirectory ? view.summary(pair) : undefined;
  const isLink = node.kind === 'hard-link' || node.kind === 'symlink';
  const entry = isLink ? entryIn({ node, layersBaseFirst }) : undefined;
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    kind: kindOf(view, node),
    change,
    size: summary?.size ?? nodeSize({ node, layersBaseFirst }),
    ...(summary && { files: summary.files }),
    ...(entry && 'target' in entry && { target: entry.target }),
    // A file is deleted by the layer that is looked at.
    layerIndex: change === 'deleted' && !isDirectory ? topLayer : node.layerIndex,
  };
}

function kindOf({ layersBaseFirst }: ChainView, node: MergedNode): FileRow['kind'] {
  if (node.kind !== 'symlink') return node.kind;
  const at = entryAtOf(layersBaseFirst, node);
  return at && layersBaseFirst[at.layerIndex]?.isJunction(at.entryNumber) ? 'junction' : 'symlink';
}

/** A path below another; `''` is the root. */
export function joined(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

/** What sorting and filtering need of a child. */
interface ChildItem {
  readonly pair: Pair;
  readonly key: string;
  readonly name: string;
  readonly kind: MergedNode['kind'];
  readonly change: ChangeKind;
  readonly size: number;
  readonly changes: number;
}

function childItems(view: ChainView, parent: Pair | undefined): ChildItem[] {
  if (!parent) return [];
  return view.children(parent).map(pair => {
    const node = shownNode(pair);
    const { size, changes } = view.summary(pair);
    return {
      pair,
      key: node.key,
      name: nameIn(view, pair),
      kind: node.kind,
      change: view.change(pair),
      size:
        node.kind === 'hard-link'
          ? nodeSize({ node, layersBaseFirst: view.layersBaseFirst })
          : size,
      changes,
    };
  });
}

const orders = {
  name: (a: ChildItem, b: ChildItem) => directoriesFirst(a, b) || byKey(a, b),
  size: (a: ChildItem, b: ChildItem) => b.size - a.size || byKey(a, b),
  change: (a: ChildItem, b: ChildItem) =>
    changeRank(a.change) - changeRank(b.change) || directoriesFirst(a, b) || byKey(a, b),
};

function directoriesFirst(a: ChildItem, b: ChildItem): number {
  return Number(b.kind === 'directory') - Number(a.kind === 'directory');
}

function byKey(a: ChildItem, b: ChildItem): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}
