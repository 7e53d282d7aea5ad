/** Kinds as the `kind` column counts them; a junction is a symlink that is a mount point. */
export const entryKinds = [
  'directory',
  'file',
  'hard-link',
  'symlink',
  'stream',
  'whiteout',
  'junction',
] as const;

/** No time of a file: 64-bit nanoseconds reach from 1677 to 2262. */
export const absentTime = -(2n ** 63n);

/** Bytes of `contentHash` for one entry. */
export const contentHashLength = 16;

/** Bits of the `nodeFlags` column. */
export const nodeFlags = {
  /** A whiteout stands here: what lower layers have at this path is gone. */
  whiteout: 1,
  /** The layer has an entry for this very path; without it the node is only on the way to others. */
  own: 2,
  /** This node or one below it is an own one: the layer brings something. */
  brings: 4,
} as const;

const types = {
  u8: Uint8Array,
  u32: Uint32Array,
  f64: Float64Array,
  i64: BigInt64Array,
} as const;

/**
 * The entries of a layer, column by column: 100,000 entries are a few large arrays instead of a million small objects,
 * and lie in the file as they are used.
 *
 * A table by entry, in tar order; `descriptors`, `texts` and `xattrs` are tables of bytes, each with where its elements
 * end. A table by node: the tree of all paths, level by level, so that the children of a node lie side by side, sorted
 * by key, from `nodeFirst[node]` up to `nodeFirst[node + 1]`. Node 0 is the root.
 */
const columnTypes = {
  kind: 'u8',
  attributes: 'u32',
  /** Bytes of content. */
  size: 'f64',
  contentOffset: 'f64',
  modified: 'i64',
  accessed: 'i64',
  changed: 'i64',
  created: 'i64',
  /** Position in `descriptors`, counted from 1; 0 for none. */
  descriptor: 'u32',
  /** First 16 bytes of the sha256 of each file's content, zero for what has none. */
  contentHash: 'u8',
  /** Paths one after the other, UTF-8. */
  pathEnd: 'u32',
  paths: 'u8',
  descriptorEnd: 'u32',
  descriptors: 'u8',
  /** Link targets and stream names: entry numbers in ascending order, ends, UTF-8. */
  textEntry: 'u32',
  textEnd: 'u32',
  texts: 'u8',
  /** Extended attributes of an entry, as JSON of names and base64. */
  xattrEntry: 'u32',
  xattrEnd: 'u32',
  xattrs: 'u8',
  /** Hard links whose file is in the same layer, in ascending order, and the entry of that file. */
  linkEntry: 'u32',
  linkTarget: 'u32',
  nodeParent: 'u32',
  nodeFirst: 'u32',
  nodeFlags: 'u8',
  /** The entry whose path passes through the node: its own where it has one. */
  nodeEntry: 'u32',
  /** Each node's name as `pathKey` has it, UTF-8, with a `/` before it. */
  nodeKeyEnd: 'u32',
  nodeKeys: 'u8',
  /** Bytes of the node and all below it; hard links count nothing, their file does. */
  nodeSize: 'f64',
  /** Files and links, the node and all below it. */
  nodeFiles: 'u32',
  /** Directories that have an entry, the node and all below it. */
  nodeDirectories: 'u32',
} as const satisfies Record<string, keyof typeof types>;

export type ColumnName = keyof typeof columnTypes;
interface Arrays {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  readonly i64: BigInt64Array;
}
export type Column = Arrays[keyof Arrays];
export type IndexColumns = { readonly [N in ColumnName]: Arrays[(typeof columnTypes)[N]] };

export const columnNames = Object.keys(columnTypes) as ColumnName[];

/** A column over bytes that are there already; `offset` is a multiple of the element's size. */
export function columnOver(
  name: ColumnName,
  buffer: ArrayBuffer,
  offset: number,
  length: number,
): Column {
  return new types[columnTypes[name]](buffer, offset, length);
}
