import { bytesInMemory, type HiveBytes } from './hive-bytes.ts';
import {
  bytesOf,
  cellKinds,
  checkInside,
  fileOffsetOf,
  hiveInvalid,
  openCells,
  uint16,
  uint32,
  type CellData,
  type HiveCells,
  type HiveDamage,
} from './hive-cells.ts';
import type { HiveValue } from './hive-value.ts';
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
  /** The data is not copied out of the hive: it must not be changed. */
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
  return keyOf(cells, cells.cellOf(offset, cellKinds.key), offset, depth);
}

function keyOf(cells: HiveCells, cell: CellData, offset: number, depth: number): HiveKey {
  if (depth > maxKeyDepth) throw hiveInvalid(fileOffsetOf(cell), `more than ${maxKeyDepth} levels`);
  checkInside(cell, 0, keyHeaderSize);
  return new CellKey(cells, cell, offset, depth);
}

/** A class, as it is much smaller than an object with a function for each question. */
class CellKey implements HiveKey {
  readonly #cells: HiveCells;
  readonly #cell: CellData;
  readonly #depth: number;
  readonly cellOffset: number;
  readonly name: string;

  constructor(cells: HiveCells, cell: CellData, offset: number, depth: number) {
    this.#cells = cells;
    this.#cell = cell;
    this.#depth = depth;
    this.cellOffset = offset;
    const isAscii = (uint16(cell, 2) & keyFlags.asciiName) !== 0;
    this.name = readName(cell, keyHeaderSize, uint16(cell, 72), isAscii);
  }

  get modified(): bigint {
    const { page, start } = this.#cell;
    return nanosecondsOf(page.view.getBigUint64(start + 4, true));
  }

  get layerSemantics(): number {
    // "Layered keys" of the format specification: two bits of what used to be spare.
    return (uint16(this.#cell, 12) >> 8) & 0x3;
  }

  subkeys(): HiveKey[] {
    const key = { cell: this.#cell, offset: this.cellOffset, depth: this.#depth };
    return readSubkeys(this.#cells, key);
  }

  values(): StoredValue[] {
    return readValues(this.#cells, this.#cell);
  }

  securityDescriptor(): Uint8Array | undefined {
    return this.#cells.tolerant(() => readSecurity(this.#cells, uint32(this.#cell, 44)));
  }
}

function readName(cell: CellData, at: number, length: number, isAscii: boolean): string {
  checkInside(cell, at, length);
  const start = cell.start + at;
  return cell.page.buffer.toString(isAscii ? 'latin1' : 'utf16le', start, start + length);
}

interface ParentKey {
  readonly cell: CellData;
  readonly offset: number;
  readonly depth: number;
}

function readSubkeys(cells: HiveCells, parent: ParentKey): HiveKey[] {
  const count = uint32(parent.cell, 20);
  if (count === 0) return [];
  const listed = cells.tolerant(() => leafOffsets(cells, uint32(parent.cell, 28), true)) ?? [];
  const offsets = new Set(listed);
  if (listed.length !== count || offsets.size !== count) {
    cells.tolerant(() => {
      const problem = 'the list of subkeys does not have the stated length';
      throw hiveInvalid(fileOffsetOf(parent.cell) + 20, problem);
    });
  }
  const keys: HiveKey[] = [];
  for (const offset of offsets) {
    const subkey = cells.tolerant(() => readSubkey(cells, offset, parent));
    if (subkey) keys.push(subkey);
  }
  return keys;
}

function readSubkey(cells: HiveCells, offset: number, parent: ParentKey): HiveKey {
  const cell = cells.cellOf(offset, cellKinds.key);
  checkInside(cell, 0, keyHeaderSize);
  // Every key has one parent and the root is nobody's subkey, so that there can be no loop.
  if (uint32(cell, 16) !== parent.offset || offset === cells.header.rootCell) {
    throw hiveInvalid(
      fileOffsetOf(cell) + 16,
      'a key stands in the list of a key that is not its parent',
    );
  }
  return keyOf(cells, cell, offset, parent.depth + 1);
}

function leafOffsets(cells: HiveCells, offset: number, mayBeRoot: boolean): number[] {
  const list = cells.cell(offset);
  const kind = uint16(list, 0);
  const step = kind === cellKinds.hashLeaf || kind === cellKinds.fastLeaf ? 8 : 4;
  const isRoot = kind === cellKinds.indexRoot && mayBeRoot;
  if (step === 4 && kind !== cellKinds.indexLeaf && !isRoot) {
    throw hiveInvalid(fileOffsetOf(list), 'expected a list of subkeys');
  }
  const count = uint16(list, 2);
  checkInside(list, 4, step * count);
  const offsets = Array.from({ length: count }, (_, index) => uint32(list, 4 + step * index));
  if (!isRoot) return offsets;
  // Each leaf belongs here once: otherwise a small file could stand for a huge list.
  return [...new Set(offsets)].flatMap(
    leaf => cells.tolerant(() => leafOffsets(cells, leaf, false)) ?? [],
  );
}

function readValues(cells: HiveCells, key: CellData): StoredValue[] {
  const count = uint32(key, 36);
  if (count === 0) return [];
  const list = cells.tolerant(() => {
    const cell = cells.cell(uint32(key, 40));
    checkInside(cell, 0, 4 * count);
    return cell;
  });
  const values: StoredValue[] = [];
  if (!list) return values;
  for (let index = 0; index < count; index++) {
    const value = cells.tolerant(() => readValue(cells, uint32(list, 4 * index)));
    if (value) values.push(value);
  }
  return values;
}

function readValue(cells: HiveCells, offset: number): StoredValue {
  const cell = cells.cellOf(offset, cellKinds.value);
  checkInside(cell, 0, 20);
  return new CellValue(cells, cell);
}

class CellValue implements StoredValue {
  readonly #cells: HiveCells;
  readonly #cell: CellData;
  readonly name: string;
  readonly size: number;

  constructor(cells: HiveCells, cell: CellData) {
    this.#cells = cells;
    this.#cell = cell;
    const isAscii = (uint16(cell, 16) & valueFlags.asciiName) !== 0;
    this.name = readName(cell, 20, uint16(cell, 2), isAscii);
    this.size = uint32(cell, 4) % inlineData;
    if (this.size > cells.size) {
      throw hiveInvalid(fileOffsetOf(cell) + 4, 'a value is larger than the hive');
    }
  }

  get type(): number {
    return uint32(this.#cell, 12);
  }

  get tombstone(): boolean {
    return (uint16(this.#cell, 16) & valueFlags.tombstone) !== 0;
  }

  read(): HiveValue {
    const data = readData(this.#cells, this.#cell, uint32(this.#cell, 4));
    return { name: this.name, type: this.type, data };
  }
}

function readData(cells: HiveCells, value: CellData, sizeField: number): Uint8Array {
  const size = sizeField % inlineData;
  if (sizeField >= inlineData) {
    if (size <= 4) return bytesOf(value, 8, size);
    throw hiveInvalid(fileOffsetOf(value) + 4, 'a value is too large to stand inline');
  }
  if (size === 0) return new Uint8Array(0);
  const cell = cells.cell(uint32(value, 8));
  // Before format 1.4 long data stands in one cell, too.
  if (size <= segmentSize || cell.length >= size) {
    checkInside(cell, 0, size);
    return bytesOf(cell, 0, size);
  }
  return readSegments(cells, cell, size);
}

function readSegments(cells: HiveCells, cell: CellData, size: number): Uint8Array {
  checkInside(cell, 0, 8);
  const count = uint16(cell, 2);
  if (uint16(cell, 0) !== cellKinds.bigData || count !== Math.ceil(size / segmentSize)) {
    throw hiveInvalid(
      fileOffsetOf(cell),
      'a long value is not cut into the segments that it needs',
    );
  }
  const list = cells.cell(uint32(cell, 4));
  checkInside(list, 0, 4 * count);
  const data = new Uint8Array(size);
  for (let index = 0; index < count; index++) {
    const segment = cells.cell(uint32(list, 4 * index));
    const length = Math.min(segmentSize, size - index * segmentSize);
    checkInside(segment, 0, length);
    data.set(bytesOf(segment, 0, length), index * segmentSize);
  }
  return data;
}

function readSecurity(cells: HiveCells, offset: number): Uint8Array | undefined {
  if (offset === noCell) return undefined;
  const cell = cells.cellOf(offset, cellKinds.security);
  checkInside(cell, 0, 20);
  const size = uint32(cell, 16);
  checkInside(cell, 20, size);
  return bytesOf(cell, 20, size);
}
