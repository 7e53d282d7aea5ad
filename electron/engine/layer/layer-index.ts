import type { Digest } from '../../../shared/oci/digest.ts';
import type { LayerEntry, Nanoseconds } from './entry.ts';
import { absentTime, contentHashLength, entryKinds, type IndexColumns } from './index-columns.ts';
import { decodeIndex } from './index-file.ts';
import { nodeTableOf, type NodeTable } from './node-table.ts';

/** What a layer holds, without its contents. Entries are numbered from 0 in tar order. */
export interface LayerIndex {
  readonly diffId: Digest;
  /** Bytes of the uncompressed tar. */
  readonly uncompressedSize: number;
  readonly count: number;
  /** All paths as a tree. */
  readonly nodes: NodeTable;
  kindAt(number: number): LayerEntry['kind'];
  /** Whether a symlink is a junction or volume mount point. */
  isJunction(number: number): boolean;
  /** The path without a stream name; for a whiteout the path that is removed. */
  pathAt(number: number): string;
  /** Bytes of content. */
  sizeAt(number: number): number;
  modifiedAt(number: number): Nanoseconds;
  entryAt(number: number): LayerEntry;
  /** Where the content starts, in bytes from the start of the uncompressed tar. */
  contentOffsetAt(number: number): number;
  /** 16 bytes that are equal for equal contents, the first of the sha256; zero for entries without content. */
  contentHashAt(number: number): Uint8Array;
  /** The file that a hard link names, where the same layer has it. */
  linkedFile(number: number): number | undefined;
  /** Whether two entries have the same attributes, times (but that of access) and security descriptor. */
  hasSameMetadata(number: number, other: LayerIndex, otherNumber: number): boolean;
}

/** An index in the form of its file (index-file.ts). */
export interface IndexData {
  readonly file: ArrayBuffer;
}

/** Opens an index that was just made; it is a bug if it is damaged. */
export function layerIndexOf(data: IndexData): LayerIndex {
  const index = openIndex(data);
  if (!index) throw new Error('an index that was just made cannot be read');
  return index;
}

/** Opens an index; undefined unless it is a whole one of this version. Asking for an entry beyond `count` is a bug. */
export function openIndex(data: IndexData): LayerIndex | undefined {
  const decoded = decodeIndex(data);
  if (!decoded) return undefined;
  const { diffId, uncompressedSize, columns } = decoded;
  const read = createColumnReader(columns);
  const kindAt = (number: number) => {
    const kind = entryKinds[columns.kind[number] ?? entryKinds.length];
    if (kind === undefined) throw new RangeError(`the index of ${diffId} has no entry ${number}`);
    return kind;
  };
  const plainKindAt = (number: number): LayerEntry['kind'] => {
    const kind = kindAt(number);
    return kind === 'junction' ? 'symlink' : kind;
  };
  const pathAt = (number: number) => read.text('pathEnd', 'paths', number);
  const index: LayerIndex = {
    diffId,
    uncompressedSize,
    count: columns.kind.length,
    nodes: nodeTableOf(columns, {
      kindAt: plainKindAt,
      pathAt,
      streamNameAt: number => read.rareText(number),
    }),
    kindAt: plainKindAt,
    isJunction: number => kindAt(number) === 'junction',
    pathAt,
    sizeAt: number => columns.size[number] ?? 0,
    modifiedAt: number => columns.modified[number] ?? 0n,
    entryAt: number => {
      const common = { path: pathAt(number), ...metadataOf(columns, read, number) };
      return entryOf(common, kindAt(number), read.rareText(number), columns.size[number] ?? 0);
    },
    contentOffsetAt: number => columns.contentOffset[number] ?? 0,
    contentHashAt: number =>
      columns.contentHash.subarray(number * contentHashLength, (number + 1) * contentHashLength),
    linkedFile: number => columns.linkTarget[positionOf(columns.linkEntry, number)],
    hasSameMetadata(number, other, otherNumber) {
      return hasSameMetadata(index, { number, columns }, other, otherNumber);
    },
  };
  columnsOf.set(index, columns);
  return index;
}

/** Comparing two indexes needs both their columns, which nobody else should see. */
const columnsOf = new WeakMap<LayerIndex, IndexColumns>();

function hasSameMetadata(
  index: LayerIndex,
  { number, columns }: { readonly number: number; readonly columns: IndexColumns },
  other: LayerIndex,
  otherNumber: number,
): boolean {
  const others = columnsOf.get(other);
  if (!others) throw new Error('an index of another making');
  for (const name of ['attributes', 'modified', 'created', 'changed'] as const) {
    if (columns[name][number] !== others[name][otherNumber]) return false;
  }
  const hasXattrs =
    positionOf(columns.xattrEntry, number) >= 0 || positionOf(others.xattrEntry, otherNumber) >= 0;
  if (!hasEqualDescriptors(columns, number, others, otherNumber)) return false;
  if (!hasXattrs) return true;
  const [mine, theirs] = [index.entryAt(number), other.entryAt(otherNumber)];
  return hasEqualXattrs(mine.extendedAttributes, theirs.extendedAttributes);
}

function hasEqualDescriptors(
  columns: IndexColumns,
  number: number,
  others: IndexColumns,
  otherNumber: number,
): boolean {
  const [a, b] = [columns.descriptor[number] ?? 0, others.descriptor[otherNumber] ?? 0];
  if (a === 0 || b === 0 || (columns === others && a === b)) return a === b;
  return Buffer.compare(descriptorOf(columns, a), descriptorOf(others, b)) === 0;
}

function hasEqualXattrs(
  before: LayerEntry['extendedAttributes'],
  after: LayerEntry['extendedAttributes'],
): boolean {
  if ((before?.size ?? 0) !== (after?.size ?? 0)) return false;
  return [...(before ?? [])].every(([name, value]) => {
    const other = after?.get(name);
    return other !== undefined && Buffer.compare(value, other) === 0;
  });
}

function descriptorOf({ descriptorEnd, descriptors }: IndexColumns, number: number): Uint8Array {
  return descriptors.subarray(descriptorEnd[number - 2] ?? 0, descriptorEnd[number - 1]);
}

type ColumnReader = ReturnType<typeof createColumnReader>;

function createColumnReader(columns: IndexColumns) {
  function text(
    ends: 'pathEnd' | 'textEnd' | 'xattrEnd',
    bytes: 'paths' | 'texts' | 'xattrs',
    at: number,
  ): string {
    const { buffer, byteOffset, byteLength } = columns[bytes];
    const start = columns[ends][at - 1] ?? 0;
    return Buffer.from(buffer, byteOffset, byteLength).toString('utf8', start, columns[ends][at]);
  }
  return {
    text,
    /** A link target or stream name. */
    rareText(entryNumber: number): string {
      const at = positionOf(columns.textEntry, entryNumber);
      return at < 0 ? '' : text('textEnd', 'texts', at);
    },
    xattrs(entryNumber: number): LayerEntry['extendedAttributes'] {
      const at = positionOf(columns.xattrEntry, entryNumber);
      if (at < 0) return undefined;
      const pairs = JSON.parse(text('xattrEnd', 'xattrs', at)) as readonly [string, string][];
      return new Map(pairs.map(([name, value]) => [name, Buffer.from(value, 'base64')]));
    },
  };
}

/** Where a number stands in an ascending list; -1 if it does not. */
function positionOf(ascending: Uint32Array, number: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = ascending[middle] ?? 0;
    if (found === number) return middle;
    if (found < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function entryOf(
  common: Pick<LayerEntry, 'path' | 'attributes' | 'modified'>,
  kind: (typeof entryKinds)[number],
  text: string,
  size: number,
): LayerEntry {
  switch (kind) {
    case 'file':
      return { ...common, kind, size };
    case 'stream':
      return { ...common, kind, streamName: text, size };
    case 'hard-link':
      return { ...common, kind, target: text };
    case 'symlink':
    case 'junction':
      return { ...common, kind: 'symlink', target: text, mountPoint: kind === 'junction' };
    case 'directory':
    case 'whiteout':
      return { ...common, kind };
  }
}

function metadataOf(columns: IndexColumns, read: ColumnReader, number: number) {
  const accessed = present(columns.accessed[number]);
  const changed = present(columns.changed[number]);
  const created = present(columns.created[number]);
  const descriptor = columns.descriptor[number] ?? 0;
  const extendedAttributes = read.xattrs(number);
  return {
    attributes: columns.attributes[number] ?? 0,
    modified: columns.modified[number] ?? 0n,
    ...(accessed !== undefined && { accessed }),
    ...(changed !== undefined && { changed }),
    ...(created !== undefined && { created }),
    ...(descriptor > 0 && { securityDescriptor: Buffer.from(descriptorOf(columns, descriptor)) }),
    ...(extendedAttributes && { extendedAttributes }),
  };
}

function present(time: Nanoseconds | undefined): Nanoseconds | undefined {
  return time === absentTime ? undefined : time;
}
