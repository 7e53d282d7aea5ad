import { bytesInMemory, type HiveBytes } from './hive-bytes.ts';
import {
  checkInside,
  hiveInvalid,
  openCells,
  signatureAt,
  type CellData,
  type HiveCells,
  type HiveDamage,
} from './hive-cells.ts';
import { decodeUtf16, type HiveValue } from './hive-value.ts';
import {
  inlineData,
  keyFlags,
  maxKeyDepth,
  nanosecondsOf,
  noCell,
  segmentSize,
  upperName,
  valueFlags,
} from './regf.ts';

/** A key of a hive. Subkeys and values are read when they are asked for, and may then throw hive-invalid. */
export interface HiveKey {
  readonly name: string;
  /** What tells it from the other keys of its hive. */
  readonly cellOffset: number;
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly modified: bigint;
  /** In a delta hive, what the key does to the layers below: one of `layerSemantics`. */
  readonly layerSemantics: number;
  subkeys(): HiveKey[];
  values(): StoredValue[];
  /** Self-relative security descriptor, as raw bytes. */
  securityDescriptor(): Uint8Array | undefined;
}

/** A value whose data stays in the hive until it is asked for, so that lists of values stay small. */
export interface StoredValue {
  readonly name: string;
  readonly type: number;
  /** Size of the data in bytes. */
  readonly size: number;
  /** In a delta hive: the value of the layers below is gone. */
  readonly tombstone: boolean;
  read(): HiveValue;
}

export interface Hive {
  readonly root: HiveKey;
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly written: bigint;
  /** `1.5` and so on. */
  readonly version: string;
  readonly fileName: string;
  readonly dirty: boolean;
}

/**
 * Opens a hive (regf). Throws hive-invalid with the offset of what is wrong; with a `report`, damage below the root is
 * told to it, and what cannot be read is left out. Walking over all keys of a hostile hive ends: a key is only taken
 * from the list of the key that it names as its parent, and once.
 */
export function openHive(
  source: Uint8Array | HiveBytes,
  report?: (damage: HiveDamage) => void,
): Hive {
  const bytes = source instanceof Uint8Array ? bytesInMemory(source) : source;
  const cells = openCells(bytes, report);
  const { header } = cells;
  return {
    root: readKey(cells, header.rootCell, 0),
    written: nanosecondsOf(header.written),
    version: `1.${header.minorVersion}`,
    fileName: header.fileName,
    dirty: header.dirty,
  };
}

/** The key at a path such as `Microsoft\Windows NT\CurrentVersion` below `key`; undefined where there is none. */
export function findKey(key: HiveKey, path: string): HiveKey | undefined {
  let found: HiveKey | undefined = key;
  for (const name of path.split('\\')) {
    const wanted = upperName(name);
    found = found?.subkeys().find(subkey => upperName(subkey.name) === wanted);
  }
  return found;
}

/** The value of a key by name; undefined where there is none. */
export function findValue(key: HiveKey, name: string): HiveValue | undefined {
  const wanted = upperName(name);
  return key
    .values()
    .find(value => upperName(value.name) === wanted)
    ?.read();
}

const keyHeaderSize = 76;

function readKey(cells: HiveCells, offset: number, depth: number): HiveKey {
  return keyOf(cells, cells.cell(offset, 'nk'), offset, depth);
}

function keyOf(cells: HiveCells, cell: CellData, offset: number, depth: number): HiveKey {
  if (depth > maxKeyDepth) throw hiveInvalid(cell.fileOffset, `more than ${maxKeyDepth} levels`);
  checkInside(cell, 0, keyHeaderSize);
  const nameLength = cell.view.getUint16(72, true);
  const isAscii = (cell.view.getUint16(2, true) & keyFlags.asciiName) !== 0;
  return {
    name: readName(cell, keyHeaderSize, nameLength, isAscii),
    cellOffset: offset,
    modified: nanosecondsOf(cell.view.getBigUint64(4, true)),
    // "Layered keys" of the format specification: two bits of what used to be spare.
    layerSemantics: cell.view.getUint8(13) & 0x3,
    subkeys: () => readSubkeys(cells, cell, offset, depth),
    values: () => readValues(cells, cell),
    securityDescriptor: () =>
      cells.tolerant(() => readSecurity(cells, cell.view.getUint32(44, true))),
  };
}

function readName(cell: CellData, at: number, length: number, isAscii: boolean): string {
  checkInside(cell, at, length);
  const bytes = cell.bytes.subarray(at, at + length);
  if (!isAscii) return decodeUtf16(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
}

function readSubkeys(cells: HiveCells, key: CellData, keyOffset: number, depth: number): HiveKey[] {
  const count = key.view.getUint32(20, true);
  if (count === 0) return [];
  const listed = cells.tolerant(() => leafOffsets(cells, key.view.getUint32(28, true), true)) ?? [];
  const offsets = [...new Set(listed)];
  cells.tolerant(() => {
    if (listed.length !== count || offsets.length !== count) {
      throw hiveInvalid(key.fileOffset + 20, 'the list of subkeys does not have the stated length');
    }
  });
  const keys: HiveKey[] = [];
  for (const offset of offsets) {
    const subkey = cells.tolerant(() => readSubkey(cells, offset, keyOffset, depth));
    if (subkey) keys.push(subkey);
  }
  return keys;
}

function readSubkey(cells: HiveCells, offset: number, parent: number, depth: number): HiveKey {
  const cell = cells.cell(offset, 'nk');
  checkInside(cell, 0, keyHeaderSize);
  // Every key has one parent and the root is nobody's subkey, so that there can be no loop.
  if (cell.view.getUint32(16, true) !== parent || offset === cells.header.rootCell) {
    throw hiveInvalid(
      cell.fileOffset + 16,
      'a key stands in the list of a key that is not its parent',
    );
  }
  return keyOf(cells, cell, offset, depth + 1);
}

function leafOffsets(cells: HiveCells, offset: number, mayBeRoot: boolean): number[] {
  const list = cells.cell(offset);
  const kind = signatureAt(list.view, 0, 2);
  const step = kind === 'lh' || kind === 'lf' ? 8 : 4;
  if (step === 4 && kind !== 'li' && !(kind === 'ri' && mayBeRoot)) {
    throw hiveInvalid(list.fileOffset, 'expected a list of subkeys');
  }
  const count = list.view.getUint16(2, true);
  checkInside(list, 4, step * count);
  const offsets = Array.from({ length: count }, (_, index) =>
    list.view.getUint32(4 + step * index, true),
  );
  if (kind !== 'ri') return offsets;
  // Each leaf belongs here once: otherwise a small file could stand for a huge list.
  return [...new Set(offsets)].flatMap(
    leaf => cells.tolerant(() => leafOffsets(cells, leaf, false)) ?? [],
  );
}

function readValues(cells: HiveCells, key: CellData): StoredValue[] {
  const count = key.view.getUint32(36, true);
  if (count === 0) return [];
  const list = cells.tolerant(() => {
    const cell = cells.cell(key.view.getUint32(40, true));
    checkInside(cell, 0, 4 * count);
    return cell;
  });
  const values: StoredValue[] = [];
  for (let index = 0; list && index < count; index++) {
    const value = cells.tolerant(() => readValue(cells, list.view.getUint32(4 * index, true)));
    if (value) values.push(value);
  }
  return values;
}

function readValue(cells: HiveCells, offset: number): StoredValue {
  const cell = cells.cell(offset, 'vk');
  checkInside(cell, 0, 20);
  const flags = cell.view.getUint16(16, true);
  const nameLength = cell.view.getUint16(2, true);
  const isAscii = (flags & valueFlags.asciiName) !== 0;
  const name = readName(cell, 20, nameLength, isAscii);
  const type = cell.view.getUint32(12, true);
  const sizeField = cell.view.getUint32(4, true);
  const size = sizeField % inlineData;
  if (size > cells.size) throw hiveInvalid(cell.fileOffset + 4, 'a value is larger than the hive');
  return {
    name,
    type,
    size,
    tombstone: (flags & valueFlags.tombstone) !== 0,
    read: () => ({ name, type, data: readData(cells, cell, sizeField) }),
  };
}

function readData(cells: HiveCells, value: CellData, sizeField: number): Uint8Array {
  const size = sizeField % inlineData;
  if (sizeField >= inlineData) {
    if (size > 4) throw hiveInvalid(value.fileOffset + 4, 'a value is too large to stand inline');
    return value.bytes.slice(8, 8 + size);
  }
  if (size === 0) return new Uint8Array(0);
  const cell = cells.cell(value.view.getUint32(8, true));
  // Before format 1.4 long data stands in one cell, too.
  if (size <= segmentSize || cell.bytes.length >= size) {
    checkInside(cell, 0, size);
    return cell.bytes.slice(0, size);
  }
  return readSegments(cells, cell, size);
}

function readSegments(cells: HiveCells, cell: CellData, size: number): Uint8Array {
  checkInside(cell, 0, 8);
  const count = cell.view.getUint16(2, true);
  if (signatureAt(cell.view, 0, 2) !== 'db' || count !== Math.ceil(size / segmentSize)) {
    throw hiveInvalid(cell.fileOffset, 'a long value is not cut into the segments that it needs');
  }
  const list = cells.cell(cell.view.getUint32(4, true));
  checkInside(list, 0, 4 * count);
  const data = new Uint8Array(size);
  for (let index = 0; index < count; index++) {
    const segment = cells.cell(list.view.getUint32(4 * index, true));
    const length = Math.min(segmentSize, size - index * segmentSize);
    checkInside(segment, 0, length);
    data.set(segment.bytes.subarray(0, length), index * segmentSize);
  }
  return data;
}

function readSecurity(cells: HiveCells, offset: number): Uint8Array | undefined {
  if (offset === noCell) return undefined;
  const cell = cells.cell(offset, 'sk');
  checkInside(cell, 0, 20);
  const size = cell.view.getUint32(16, true);
  checkInside(cell, 20, size);
  return cell.bytes.slice(20, 20 + size);
}
