import type { LayerEntry } from './entry.ts';
import type { LayerIndex } from './layer-index.ts';
import { linkTargetPath } from './link-target.ts';
import { pathKey } from '../../../shared/windows/windows-path.ts';
import {
  contentAtOf,
  entryAtOf,
  mergedChild,
  mergedChildren,
  mergedName,
  mergedRoot,
  type MergedNode,
} from './merged-tree.ts';
import { byteString } from './node-builder.ts';
import type { EntryAt } from './tree-node.ts';

/** An entry as the chain shows it. */
export interface TreeEntry {
  /** Each segment as it is spelled in the layer that last wrote it; without a stream name. */
  readonly path: string;
  /** An implied directory has attributes 16 and the time 0. */
  readonly entry: LayerEntry;
  readonly layerIndex: number;
  /** The file with the content of a file or hard link; absent for what has none. */
  readonly content?: EntryAt & { readonly size: number };
  /** Alternate data streams, sorted by name. */
  readonly streams: readonly EntryAt[];
}

/** The cumulative view of a chain of layers. It never changes; `with` makes the next one. */
export interface LayerTree {
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

/** The view of a whole chain. Names are worked out when they are asked for, so this costs nothing. */
export function createLayerTree(layersBaseFirst: readonly LayerIndex[]): LayerTree {
  const view: View = { layersBaseFirst, root: mergedRoot(layersBaseFirst.length) };
  const plain: FindState = { follow: undefined, linksLeft: 0 };
  return {
    layersBaseFirst,
    lookup(path, { follow } = {}) {
      const found = find(view, path, { follow, linksLeft: linkLimit });
      return found && entryOf(view, found);
    },
    list(path) {
      const found = find(view, path, plain);
      if (found?.merged.kind !== 'directory') return undefined;
      return childrenOf(view, found).map(child => entryOf(view, child));
    },
    *walk(path) {
      const found = find(view, path, plain);
      if (found) yield* walkBelow(view, found);
    },
    with: layer => createLayerTree([...layersBaseFirst, layer]),
  };
}

interface View {
  readonly layersBaseFirst: readonly LayerIndex[];
  readonly root: MergedNode;
}

/** A node with what a node does not know: where it is. */
interface Found {
  readonly merged: MergedNode;
  readonly path: string;
  readonly parent?: MergedNode;
}

interface FindState {
  readonly follow: LookupOptions['follow'];
  readonly linksLeft: number;
}

function find(view: View, path: string, state: FindState): Found | undefined {
  let found: Found = { merged: view.root, path: '' };
  const segments = path.split(/[/\\]/).filter(segment => segment !== '');
  for (const [position, segment] of segments.entries()) {
    const key = byteString(pathKey(segment));
    const merged = mergedChild(view.layersBaseFirst, found.merged, key);
    if (!merged || merged.kind === 'stream') return undefined;
    found = below(view, found, merged);
    const isLast = position === segments.length - 1;
    if (merged.kind !== 'symlink' || !follows(state, isLast)) continue;
    return followLink(view, found, segments.slice(position + 1), state);
  }
  return found;
}

function follows({ follow }: FindState, isLast: boolean): boolean {
  return follow === 'all' || (follow === 'parents' && !isLast);
}

function followLink(
  view: View,
  found: Found,
  rest: readonly string[],
  state: FindState,
): Found | undefined {
  const link = rawEntry(view, found);
  if (link.kind !== 'symlink' || state.linksLeft === 0) return undefined;
  const target = linkTargetPath(found.path, link.target);
  if (target === undefined) return undefined;
  return find(view, [target, ...rest].join('/'), { ...state, linksLeft: state.linksLeft - 1 });
}

function below({ layersBaseFirst }: View, parent: Found, merged: MergedNode): Found {
  const name = mergedName(layersBaseFirst, merged);
  const path = parent.path === '' ? name : `${parent.path}/${name}`;
  return { merged, path, parent: parent.merged };
}

function childrenOf(view: View, found: Found): Found[] {
  return mergedChildren(view.layersBaseFirst, found.merged)
    .filter(({ kind }) => kind !== 'stream')
    .map(merged => below(view, found, merged));
}

function* walkBelow(view: View, found: Found): Generator<TreeEntry> {
  for (const next of childrenOf(view, found)) {
    yield entryOf(view, next);
    if (next.merged.kind === 'directory') yield* walkBelow(view, next);
  }
}

function entryOf(view: View, found: Found): TreeEntry {
  const { merged, path, parent } = found;
  const { layersBaseFirst } = view;
  const content = contentAtOf(layersBaseFirst, merged);
  const size = content && layersBaseFirst[content.layerIndex]?.sizeAt(content.entryNumber);
  return {
    path,
    entry: rawEntry(view, found),
    layerIndex: merged.layerIndex,
    ...(content && size !== undefined && { content: { ...content, size } }),
    streams: parent ? streamsOf(layersBaseFirst, parent, merged) : [],
  };
}

/** Streams of a file or directory, which stand beside it in `parent`. */
function streamsOf(
  layers: readonly LayerIndex[],
  parent: MergedNode,
  { key }: MergedNode,
): EntryAt[] {
  const keys = new Set<string>();
  for (const { layerIndex, node } of parent.parts) {
    const nodes = layers[layerIndex]?.nodes;
    if (!nodes) continue;
    const start = `${key}:`;
    const end = nodes.first[node + 1] ?? 0;
    for (let at = firstFrom(nodes, node, start); at < end; at++) {
      const found = nodes.keyOf(at);
      if (!found.startsWith(start)) break;
      keys.add(found);
    }
  }
  return [...keys].sort().flatMap(streamKey => {
    const stream = mergedChild(layers, parent, streamKey);
    return (stream?.kind === 'stream' && entryAtOf(layers, stream)) || [];
  });
}

/** The first child of `node` whose key is not before `key`. */
function firstFrom(nodes: LayerIndex['nodes'], node: number, key: string): number {
  let [low, high] = [nodes.first[node] ?? 0, nodes.first[node + 1] ?? 0];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nodes.keyOf(middle) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rawEntry({ layersBaseFirst }: View, { merged, path }: Found): LayerEntry {
  const at = entryAtOf(layersBaseFirst, merged);
  const index = layersBaseFirst[merged.layerIndex];
  if (!at || !index) return { kind: 'directory', path, attributes: 0x10, modified: 0n };
  return index.entryAt(at.entryNumber);
}
