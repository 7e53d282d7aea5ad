import { createCellHeap, type CellHeap } from './cell-heap.ts';
import { encodeUtf16, type HiveValue } from './hive-value.ts';
import {
  baseBlockChecksum,
  baseBlockSize,
  compareNames,
  fileTimeOf,
  inlineData,
  keyFlags,
  maxKeyDepth,
  nameHash,
  noCell,
  segmentSize,
  upperName,
  valueFlags,
} from './regf.ts';

/** A key to be written. Names of subkeys and of values are unique without case; their order does not matter. */
export interface NewKey {
  readonly name: string;
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly modified: bigint;
  readonly values: readonly HiveValue[];
  readonly subkeys: readonly NewKey[];
}

/** What a hive has besides its keys. */
export interface HiveOptions {
  /** Written into the header for people who debug: the end of the hive's path. At most 31 UTF-16 units stay. */
  readonly fileName: string;
  /** Self-relative security descriptor of every key. */
  readonly securityDescriptor: Uint8Array;
}

/** More entries are spread over several leaves below an index root, so that a leaf fits into a bin of 4096 bytes. */
const leafLimit = 500;

/**
 * Writes a hive in format 1.5, as Windows XP and newer do. The same tree gives the same bytes. Throws RangeError on a
 * tree that no registry can hold: a name that is empty, too long, doubled or contains `\`, or over 512 levels.
 */
export function encodeHive(root: NewKey, options: HiveOptions): Uint8Array {
  const heap = createCellHeap();
  const keys = countKeys(root, 1);
  const security = writeSecurity(heap, options.securityDescriptor, keys);
  const rootCell = writeKey(heap, root, { parent: noCell, security });
  const bins = heap.finish(fileTimeOf(root.modified));
  return Buffer.concat([baseBlock(rootCell, bins.length, root, options), bins]);
}

function countKeys(key: NewKey, depth: number): number {
  if (depth > maxKeyDepth) throw new RangeError(`more than ${maxKeyDepth} levels of keys`);
  return key.subkeys.reduce((sum, subkey) => sum + countKeys(subkey, depth + 1), 1);
}

function baseBlock(
  rootCell: number,
  binsSize: number,
  root: NewKey,
  options: HiveOptions,
): Uint8Array {
  const block = new Uint8Array(baseBlockSize);
  const view = new DataView(block.buffer);
  block.set(Buffer.from('regf'));
  // Equal sequence numbers say that the hive was written completely.
  view.setUint32(4, 1, true);
  view.setUint32(8, 1, true);
  view.setBigUint64(12, fileTimeOf(root.modified), true);
  const fields: readonly (readonly [number, number])[] = [
    [20, 1], // major version
    [24, 5], // minor version
    [28, 0], // primary file
    [32, 1], // direct memory load
    [36, rootCell],
    [40, binsSize],
    [44, 1], // clustering factor
  ];
  for (const [at, value] of fields) view.setUint32(at, value, true);
  block.set(encodeUtf16(options.fileName.slice(-31)), 48);
  view.setUint32(508, baseBlockChecksum(view), true);
  return block;
}

/** One descriptor for all keys: the ring of descriptors consists of it alone. */
function writeSecurity(heap: CellHeap, descriptor: Uint8Array, references: number): number {
  const cell = heap.allocate(20 + descriptor.length);
  cell.bytes.set(Buffer.from('sk'));
  cell.view.setUint32(4, cell.offset, true);
  cell.view.setUint32(8, cell.offset, true);
  cell.view.setUint32(12, references, true);
  cell.view.setUint32(16, descriptor.length, true);
  cell.bytes.set(descriptor, 20);
  return cell.offset;
}

interface KeyPlace {
  /** Offset of the parent's cell; `noCell` marks the root. */
  readonly parent: number;
  readonly security: number;
}

function writeKey(heap: CellHeap, key: NewKey, place: KeyPlace): number {
  checkKey(key);
  const isRoot = place.parent === noCell;
  const name = encodeName(key.name);
  const cell = heap.allocate(76 + name.bytes.length);
  const subkeys = key.subkeys.toSorted((one, other) => compareNames(one.name, other.name));
  const subkeyCells = subkeys.map(subkey => ({
    offset: writeKey(heap, subkey, { ...place, parent: cell.offset }),
    hash: nameHash(subkey.name),
  }));
  const flags =
    (isRoot ? keyFlags.hiveEntry | keyFlags.noDelete : 0) | (name.isAscii ? keyFlags.asciiName : 0);
  cell.bytes.set(Buffer.from('nk'));
  cell.view.setUint16(2, flags, true);
  cell.view.setBigUint64(4, fileTimeOf(key.modified), true);
  const fields: readonly (readonly [number, number])[] = [
    [16, isRoot ? 0 : place.parent],
    [20, subkeys.length],
    [28, writeSubkeyList(heap, subkeyCells)],
    [32, noCell], // volatile subkeys
    [36, key.values.length],
    [40, writeValueList(heap, key.values)],
    [44, place.security],
    [48, noCell], // class name
    [52, longest(subkeys.map(subkey => 2 * subkey.name.length))],
    [60, longest(key.values.map(value => 2 * value.name.length))],
    [64, longest(key.values.map(value => value.data.length))],
  ];
  for (const [at, value] of fields) cell.view.setUint32(at, value, true);
  cell.view.setUint16(72, name.bytes.length, true);
  cell.bytes.set(name.bytes, 76);
  return cell.offset;
}

function checkKey({ name, subkeys, values }: NewKey): void {
  // "Registry element size limits": 255 characters for a key, 16383 for a value.
  if (name === '' || name.length > 255 || name.includes('\\')) {
    throw new RangeError(`not a name of a key: ${JSON.stringify(name)}`);
  }
  if (values.some(value => value.name.length > 16_383))
    throw new RangeError('a value name is too long');
  for (const named of [subkeys, values]) {
    const unique = new Set(named.map(one => upperName(one.name)));
    if (unique.size !== named.length) throw new RangeError(`${name} holds a name twice`);
  }
}

interface SubkeyCell {
  readonly offset: number;
  readonly hash: number;
}

function writeSubkeyList(heap: CellHeap, subkeys: readonly SubkeyCell[]): number {
  if (subkeys.length === 0) return noCell;
  if (subkeys.length <= leafLimit) return writeLeaf(heap, subkeys);
  const leaves: number[] = [];
  for (let at = 0; at < subkeys.length; at += leafLimit) {
    leaves.push(writeLeaf(heap, subkeys.slice(at, at + leafLimit)));
  }
  const root = heap.allocate(4 + 4 * leaves.length);
  root.bytes.set(Buffer.from('ri'));
  root.view.setUint16(2, leaves.length, true);
  for (const [index, leaf] of leaves.entries()) root.view.setUint32(4 + 4 * index, leaf, true);
  return root.offset;
}

function writeLeaf(heap: CellHeap, subkeys: readonly SubkeyCell[]): number {
  const leaf = heap.allocate(4 + 8 * subkeys.length);
  leaf.bytes.set(Buffer.from('lh'));
  leaf.view.setUint16(2, subkeys.length, true);
  for (const [index, { offset, hash }] of subkeys.entries()) {
    leaf.view.setUint32(4 + 8 * index, offset, true);
    leaf.view.setUint32(8 + 8 * index, hash, true);
  }
  return leaf.offset;
}

function writeValueList(heap: CellHeap, values: readonly HiveValue[]): number {
  if (values.length === 0) return noCell;
  const offsets = values.map(value => writeValue(heap, value));
  return writeOffsets(heap, offsets);
}

function writeValue(heap: CellHeap, { name, type, data }: HiveValue): number {
  const encoded = encodeName(name);
  const cell = heap.allocate(20 + encoded.bytes.length);
  cell.bytes.set(Buffer.from('vk'));
  cell.view.setUint16(2, encoded.bytes.length, true);
  cell.view.setUint32(12, type, true);
  cell.view.setUint16(16, encoded.isAscii && name !== '' ? valueFlags.asciiName : 0, true);
  cell.bytes.set(encoded.bytes, 20);
  if (data.length <= 4) {
    cell.view.setUint32(4, (inlineData | data.length) >>> 0, true);
    cell.bytes.set(data, 8);
  } else {
    cell.view.setUint32(4, data.length, true);
    cell.view.setUint32(8, writeData(heap, data), true);
  }
  return cell.offset;
}

/** Segments of long data end with unused bytes; hivex takes their length for that of the cell less these. */
const segmentTail = 4;

function writeData(heap: CellHeap, data: Uint8Array): number {
  if (data.length <= segmentSize) return writeBytes(heap, data, 0);
  const segments: number[] = [];
  for (let at = 0; at < data.length; at += segmentSize) {
    segments.push(writeBytes(heap, data.subarray(at, at + segmentSize), segmentTail));
  }
  const cell = heap.allocate(8);
  cell.bytes.set(Buffer.from('db'));
  cell.view.setUint16(2, segments.length, true);
  cell.view.setUint32(4, writeOffsets(heap, segments), true);
  return cell.offset;
}

function writeBytes(heap: CellHeap, bytes: Uint8Array, tail: number): number {
  const cell = heap.allocate(bytes.length + tail);
  cell.bytes.set(bytes);
  return cell.offset;
}

function writeOffsets(heap: CellHeap, offsets: readonly number[]): number {
  const cell = heap.allocate(4 * offsets.length);
  for (const [index, offset] of offsets.entries()) cell.view.setUint32(4 * index, offset, true);
  return cell.offset;
}

/** ASCII where the name allows it, otherwise UTF-16. */
function encodeName(name: string): { readonly bytes: Uint8Array; readonly isAscii: boolean } {
  // eslint-disable-next-line no-control-regex -- the range of ASCII
  const isAscii = /^[\x00-\x7f]*$/.test(name);
  return { bytes: isAscii ? Buffer.from(name, 'latin1') : encodeUtf16(name), isAscii };
}

function longest(lengths: readonly number[]): number {
  return lengths.reduce((most, length) => Math.max(most, length), 0);
}
