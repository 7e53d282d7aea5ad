import { AppError } from '../../../shared/failure.ts';
import type { HiveBytes, HivePage } from './hive-bytes.ts';
import {
  baseBlockChecksum,
  baseBlockSize,
  binAlignment,
  binHeaderSize,
  cellHeaderSize,
} from './regf.ts';

/** The data of a cell: `length` bytes of its page from `start` on. A million cells are read, so they have no view each. */
export interface CellData {
  readonly page: HivePage;
  readonly start: number;
  readonly length: number;
}

/** Where the data of a cell begins, from the start of the file. */
export function fileOffsetOf({ page, start }: CellData): number {
  return page.base + start;
}

export function uint16(cell: CellData, at: number): number {
  return cell.page.view.getUint16(cell.start + at, true);
}

export function uint32(cell: CellData, at: number): number {
  return cell.page.view.getUint32(cell.start + at, true);
}

/** Bytes of a cell, not copied. */
export function bytesOf({ page, start }: CellData, at: number, length: number): Uint8Array {
  const { buffer, byteOffset } = page.buffer;
  return new Uint8Array(buffer, byteOffset + start + at, length);
}

/** Something in a hive that cannot be right; `offset` counts bytes from the start of the file. */
export interface HiveDamage {
  readonly offset: number;
  readonly problem: string;
}

/** Signatures of cells. */
export const cellKinds = {
  key: codeOf('nk'),
  value: codeOf('vk'),
  security: codeOf('sk'),
  bigData: codeOf('db'),
  indexLeaf: codeOf('li'),
  fastLeaf: codeOf('lf'),
  hashLeaf: codeOf('lh'),
  indexRoot: codeOf('ri'),
} as const;

/** What the header of a hive says. */
interface HiveHeader {
  /** FILETIME. */
  readonly written: bigint;
  readonly minorVersion: number;
  readonly fileName: string;
  /** The last write was not completed, or is only in the logs beside the hive. */
  readonly dirty: boolean;
  readonly rootCell: number;
}

/** The outside of a hive: its header and access to allocated cells. */
export interface HiveCells {
  readonly header: HiveHeader;
  /** Total size of the bins, in bytes: nothing in the hive can be larger. */
  readonly size: number;
  /** The cell at an offset from the end of the base block. Throws hive-invalid. */
  cell(offset: number): CellData;
  /** The same, which must have the kind that its signature says: one of `cellKinds`. */
  cellOf(offset: number, kind: number): CellData;
  /** Runs `work`; with a `report`, damage is told to it and gives undefined instead of being thrown. */
  tolerant<T>(work: () => T): T | undefined;
}

/**
 * Checks base block and bins. Throws hive-invalid with the offset of what is wrong; with a `report`, only where
 * there is no hive at all.
 */
export function openCells(bytes: HiveBytes, report?: (damage: HiveDamage) => void): HiveCells {
  if (bytes.size < baseBlockSize) throw hiveInvalid(bytes.size, 'the header is cut off');
  const { view } = bytes.page(0, baseBlockSize);
  if (signatureAt(view, 0, 4) !== 'regf') throw hiveInvalid(0, 'it does not begin with "regf"');
  if (view.getUint32(20, true) !== 1) throw hiveInvalid(20, 'its major version is not 1');
  const tolerate: HiveCells['tolerant'] = work => (report ? tolerant(work, report) : work());
  tolerate(() => {
    if (view.getUint32(508, true) !== baseBlockChecksum(view)) {
      throw hiveInvalid(508, 'the checksum of the header is wrong');
    }
  });
  const stated = view.getUint32(40, true);
  const size = Math.min(stated, bytes.size - baseBlockSize);
  tolerate(() => {
    if (size < stated) throw hiveInvalid(bytes.size, 'it is cut off');
    checkBins(bytes, size);
  });
  return {
    header: readHeader(view),
    size,
    cell: offset => cellAt(bytes, size, offset),
    cellOf(offset, kind) {
      const cell = cellAt(bytes, size, offset);
      if (uint16(cell, 0) === kind) return cell;
      const name = String.fromCharCode(kind & 0xff, kind >> 8);
      throw hiveInvalid(fileOffsetOf(cell), `expected a cell of kind "${name}"`);
    },
    tolerant: tolerate,
  };
}

/** Runs `work`; damage of a hive (`hive-invalid`) is told to `report` and gives undefined. */
export function tolerant<T>(work: () => T, report: (damage: HiveDamage) => void): T | undefined {
  try {
    return work();
  } catch (error) {
    const failure = error instanceof AppError ? error.failure : undefined;
    if (failure?.code !== 'hive-invalid') throw error;
    report({ offset: failure.offset, problem: failure.problem });
    return undefined;
  }
}

function readHeader(view: DataView): HiveHeader {
  const name = Buffer.from(view.buffer, view.byteOffset + 48, 64).toString('utf16le');
  return {
    written: view.getBigUint64(12, true),
    minorVersion: view.getUint32(24, true),
    fileName: name.split('\0', 1)[0] ?? '',
    dirty: view.getUint32(4, true) !== view.getUint32(8, true),
    rootCell: view.getUint32(36, true),
  };
}

function checkBins(bytes: HiveBytes, size: number): void {
  for (let at = 0; at < size;) {
    const fileOffset = baseBlockSize + at;
    const { view, base } = bytes.page(fileOffset, binHeaderSize);
    if (at + binHeaderSize > size || view.getUint32(fileOffset - base, true) !== codeOf('hbin')) {
      throw hiveInvalid(fileOffset, 'a bin does not begin with "hbin"');
    }
    const binSize = view.getUint32(fileOffset - base + 8, true);
    if (binSize === 0 || binSize % binAlignment !== 0 || at + binSize > size) {
      throw hiveInvalid(fileOffset + 8, 'a bin has an impossible size');
    }
    at += binSize;
  }
}

/** A signature as the little-endian number that it is in the hive. */
function codeOf(signature: string): number {
  let code = 0;
  for (let at = signature.length - 1; at >= 0; at--) code = code * 256 + signature.charCodeAt(at);
  return code;
}

function cellAt(bytes: HiveBytes, size: number, offset: number): CellData {
  const fileOffset = baseBlockSize + offset;
  if (offset % 8 !== 0 || offset < binHeaderSize || offset + 8 > size) {
    throw hiveInvalid(fileOffset, 'an offset does not point to a cell');
  }
  const first = bytes.page(fileOffset, 8);
  // The size of a cell that is in use is negative.
  const cellSize = -first.view.getInt32(fileOffset - first.base, true);
  if (cellSize < 8 || cellSize % 8 !== 0 || offset + cellSize > size) {
    throw hiveInvalid(fileOffset, 'a cell is free or has an impossible size');
  }
  const page = bytes.page(fileOffset, cellSize);
  return {
    page,
    start: fileOffset - page.base + cellHeaderSize,
    length: cellSize - cellHeaderSize,
  };
}

/** Checks that `length` bytes at `at` lie in the cell. Throws hive-invalid. */
export function checkInside(cell: CellData, at: number, length: number): void {
  if (at + length > cell.length) {
    throw hiveInvalid(fileOffsetOf(cell) + cell.length, 'a cell is shorter than its content');
  }
}

function signatureAt(view: DataView, at: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + at, length).toString('latin1');
}

export function hiveInvalid(offset: number, problem: string): AppError {
  return new AppError({ code: 'hive-invalid', offset, problem });
}
