import { pathKey } from '../../../shared/windows/windows-path.ts';
import { applyLayer } from './apply-layer.ts';
import type { LayerEntry } from './entry.ts';
import type { LayerIndex } from './layer-index.ts';
import { linkTargetPath } from './link-target.ts';
import { contentOf, emptyRoot, impliedEntry, type EntryAt, type TreeNode } from './tree-node.ts';

/** An entry as the chain shows it. */
export interface TreeEntry {
  /** Each segment as it is spelled in the layer that last wrote it; without a stream name. */
  readonly path: string;
  /** An implied directory has attributes 16 and the time 0. */
  readonly entry: LayerEntry;
  readonly layerIndex: number;
  /** The file with the content of a file or hard link; absent for what has none. */
  readonly content?: EntryAt & { readonly size: number };
  /** Alternate data streams, in tar order. */
  readonly streams: readonly EntryAt[];
}

/** The cumulative view of a chain of layers. It never changes; `with` makes the next one, sharing most of it. */
export interface LayerTree {
  readonly root: TreeNode;
  readonly layersBaseFirst: readonly LayerIndex[];
  /** The entry at a path of the layer (`Files/Windows`), in any case; `/` or `\`. */
  lookup(path: string, options?: LookupOptions): TreeEntry | undefined;
  /** What is directly in a directory, sorted by key; undefined if there is no such directory. */
  list(path: string): TreeEntry[] | undefined;
  /** What is below a directory, each directory before its content, sorted by key. */
  walk(path: string): Generator<TreeEntry>;
  with(layer: LayerIndex): LayerTree;
}

/** How `lookup` treats symlinks and junctions. */
export interface LookupOptions {
  /** `parents`: on the way to the last segment; `all`: there as well. Default: nowhere. */
  readonly follow?: 'parents' | 'all';
}

/** Windows follows at most 63 reparse points in one path (Microsoft, "Reparse points"). */
const linkLimit = 63;

/** The view of a whole chain. */
export function createLayerTree(layersBaseFirst: readonly LayerIndex[]): LayerTree {
  const root = layersBaseFirst.reduce(applyLayer, emptyRoot);
  return treeOf(root, layersBaseFirst);
}

function treeOf(root: TreeNode, layersBaseFirst: readonly LayerIndex[]): LayerTree {
  const tree: LayerTree = {
    root,
    layersBaseFirst,
    lookup(path, { follow } = {}) {
      const found = find(tree, path, { follow, linksLeft: linkLimit });
      return found && entryOf(tree, found);
    },
    list(path) {
      const found = find(tree, path, { follow: undefined, linksLeft: 0 });
      return found?.node.children && [...childrenOf(found)].map(child => entryOf(tree, child));
    },
    *walk(path) {
      const found = find(tree, path, { follow: undefined, linksLeft: 0 });
      if (found) yield* walkBelow(tree, found);
    },
    with: layer =>
      treeOf(applyLayer(root, layer, layersBaseFirst.length), [...layersBaseFirst, layer]),
  };
  return tree;
}

/** A node with what a node does not know: where it is. */
interface Found {
  readonly node: TreeNode;
  readonly path: string;
  readonly parent?: TreeNode;
}

interface FindState {
  readonly follow: LookupOptions['follow'];
  readonly linksLeft: number;
}

function find(tree: LayerTree, path: string, state: FindState): Found | undefined {
  let found: Found | undefined = { node: tree.root, path: '' };
  const segments = path.split(/[/\\]/).filter(segment => segment !== '');
  for (const [position, segment] of segments.entries()) {
    found = child(found, pathKey(segment));
    if (!found) return undefined;
    const isLast = position === segments.length - 1;
    if (found.node.kind !== 'symlink' || !follows(state, isLast)) continue;
    const rest = segments.slice(position + 1);
    return followLink(tree, found, rest, state);
  }
  return found;
}

function follows({ follow }: FindState, isLast: boolean): boolean {
  return follow === 'all' || (follow === 'parents' && !isLast);
}

function followLink(
  tree: LayerTree,
  found: Found,
  rest: readonly string[],
  state: FindState,
): Found | undefined {
  const link = rawEntry(tree, found);
  if (link.kind !== 'symlink' || state.linksLeft === 0) return undefined;
  const target = linkTargetPath(found.path, link.target);
  if (target === undefined) return undefined;
  return find(tree, [target, ...rest].join('/'), { ...state, linksLeft: state.linksLeft - 1 });
}

function child(parent: Found, key: string): Found | undefined {
  const node = parent.node.children?.get(key);
  if (!node || node.kind === 'stream') return undefined;
  const path = parent.path === '' ? node.name : `${parent.path}/${node.name}`;
  return { node, path, parent: parent.node };
}

function* childrenOf(found: Found): Generator<Found> {
  for (const key of [...(found.node.children?.keys() ?? [])].sort()) {
    const next = child(found, key);
    if (next) yield next;
  }
}

function* walkBelow(tree: LayerTree, found: Found): Generator<TreeEntry> {
  for (const next of childrenOf(found)) {
    yield entryOf(tree, next);
    yield* walkBelow(tree, next);
  }
}

function entryOf(tree: LayerTree, found: Found): TreeEntry {
  const { node, path, parent } = found;
  const content = contentOf(node);
  const size = content && tree.layersBaseFirst[content.layerIndex]?.sizeAt(content.entryNumber);
  return {
    path,
    entry: rawEntry(tree, found),
    layerIndex: node.layerIndex,
    ...(content && size !== undefined && { content: { ...content, size } }),
    streams: (node.streamKeys ?? []).flatMap(key => parent?.children?.get(key) ?? []),
  };
}

function rawEntry(tree: LayerTree, { node, path }: Found): LayerEntry {
  const index = tree.layersBaseFirst[node.layerIndex];
  if (node.entryNumber === impliedEntry || !index) {
    return { kind: 'directory', path, attributes: 0x10, modified: 0n };
  }
  return index.entryAt(node.entryNumber);
}
