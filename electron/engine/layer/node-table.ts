import type { LayerEntry } from './entry.ts';
import { nodeFlags, type IndexColumns } from './index-columns.ts';

/** The paths of one layer as a tree. Node 0 is the root above `Files`, `Hives` and `UtilityVM`. */
export interface NodeTable {
  readonly count: number;
  readonly parent: Uint32Array;
  /** The children of `node` are the nodes from `first[node]` up to `first[node + 1]`, sorted by key. */
  readonly first: Uint32Array;
  /** Bits of `nodeFlags`. */
  readonly flags: Uint8Array;
  /** Bytes of the node and all below it; hard links count nothing. */
  readonly size: Float64Array;
  /** Files and links, the node and all below it. */
  readonly files: Uint32Array;
  /** Directories that have an entry, the node and all below it. */
  readonly directories: Uint32Array;
  /** The names of all nodes, each with a `/` before it, as UTF-8 of their `pathKey`. */
  readonly keys: Buffer;
  /** Where each name ends in `keys`. */
  readonly keyEnd: Uint32Array;
  /** The node's own entry; undefined for one that is only on the way to others, or a whiteout. */
  entryOf(node: number): number | undefined;
  /** The kind of the node's own entry; a directory where there is none. */
  kindOf(node: number): Exclude<LayerEntry['kind'], 'whiteout'>;
  /** `pathKey` of the name as a byte string: one character for each byte of UTF-8. */
  keyOf(node: number): string;
  /** The name as the layer spells it; `file:stream` for a stream. */
  nameOf(node: number): string;
  /** The child of `node` with this key (a byte string), or -1. */
  find(node: number, key: string): number;
}

interface EntryReader {
  kindAt(number: number): LayerEntry['kind'];
  pathAt(number: number): string;
  streamNameAt(number: number): string;
}

/** Reads nodes out of columns. */
export function nodeTableOf(columns: IndexColumns, entries: EntryReader): NodeTable {
  const { nodeParent: parent, nodeFirst: first, nodeFlags: flags, nodeKeyEnd: keyEnd } = columns;
  const { buffer, byteOffset, byteLength } = columns.nodeKeys;
  const keys = Buffer.from(buffer, byteOffset, byteLength);
  const keyOf = (node: number) =>
    keys.toString('latin1', (keyEnd[node - 1] ?? 0) + 1, keyEnd[node]);
  const entryOf = (node: number) =>
    ((flags[node] ?? 0) & nodeFlags.own) === 0 ? undefined : columns.nodeEntry[node];
  const kindOf = (node: number) => {
    const entry = entryOf(node);
    const kind = entry === undefined ? 'directory' : entries.kindAt(entry);
    return kind === 'whiteout' ? 'directory' : kind;
  };
  return {
    count: parent.length,
    parent,
    first,
    flags,
    size: columns.nodeSize,
    files: columns.nodeFiles,
    directories: columns.nodeDirectories,
    keys,
    keyEnd,
    entryOf,
    kindOf,
    keyOf,
    nameOf(node) {
      const passing = columns.nodeEntry[node] ?? 0;
      const segments = entries.pathAt(passing).split('/');
      const name = segments[depthOf(parent, node) - 1] ?? '';
      return kindOf(node) === 'stream' ? `${name}:${entries.streamNameAt(passing)}` : name;
    },
    find(node, key) {
      let [low, high] = [first[node] ?? 0, (first[node + 1] ?? 0) - 1];
      while (low <= high) {
        const middle = (low + high) >>> 1;
        const found = keyOf(middle);
        if (found === key) return middle;
        if (found < key) low = middle + 1;
        else high = middle - 1;
      }
      return -1;
    },
  };
}

function depthOf(parent: Uint32Array, node: number): number {
  let depth = 0;
  for (let at = node; at !== 0; at = parent[at] ?? 0) depth += 1;
  return depth;
}
