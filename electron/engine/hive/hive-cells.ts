import { AppError } from '../../../shared/failure.ts';
import type { HiveBytes } from './hive-bytes.ts';
import {
  baseBlockChecksum,
  baseBlockSize,
  binAlignment,
  binHeaderSize,
  cellHeaderSize,
} from './regf.ts';

/** The data of a cell, and where it stands in the file. */
export interface CellData {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** Offset of the data from the start of the file. */
  readonly fileOffset: number;
}

/** Something in a hive that cannot be right; `offset` counts bytes from the start of the file. */
export interface HiveDamage {
  readonly offset: number;
  readonly problem: string;
}

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
  cell(offset: number, signature?: string): CellData;
  /** Runs `work`; with a `report`, damage is told to it and gives undefined instead of being thrown. */
  tolerant<T>(work: () => T): T | undefined;
}

/**
 * Checks base block and bins. Throws hive-invalid with the offset of what is wrong; with a `report`, only where
 * there is no hive at all.
 */
export function openCells(bytes: HiveBytes, report?: (damage: HiveDamage) => void): HiveCells {
  if (bytes.size < baseBlockSize) throw hiveInvalid(bytes.size, 'the header is cut off');
  const view = viewOf(bytes.at(0, baseBlockSize));
  if (signatureAt(view, 0, 4) !== 'regf') throw hiveInvalid(0, 'it does not begin with "regf"');
  if (view.getUint32(20, true) !== 1) throw hiveInvalid(20, 'its major version is not 1');
  const tolerant = toleranceOf(report);
  tolerant(() => {
    if (view.getUint32(508, true) !== baseBlockChecksum(view)) {
      throw hiveInvalid(508, 'the checksum of the header is wrong');
    }
  });
  const stated = view.getUint32(40, true);
  const size = Math.min(stated, bytes.size - baseBlockSize);
  tolerant(() => {
    if (size < stated) throw hiveInvalid(bytes.size, 'it is cut off');
    checkBins(bytes, size);
  });
  return {
    header: readHeader(view),
    size,
    cell: (offset, signature) => cellAt(bytes, size, offset, signature),
    tolerant,
  };
}

function toleranceOf(report: ((damage: HiveDamage) => void) | undefined): HiveCells['tolerant'] {
  if (!report) return work => work();
  return work => {
    try {
      return work();
    } catch (error) {
      const failure = error instanceof AppError ? error.failure : undefined;
      if (failure?.code !== 'hive-invalid') throw error;
      report({ offset: failure.offset, problem: failure.problem });
      return undefined;
    }
  };
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
    if (at + binHeaderSize > size || bytes.uint32(fileOffset) !== binSignature) {
      throw hiveInvalid(fileOffset, 'a bin does not begin with "hbin"');
    }
    const binSize = bytes.uint32(fileOffset + 8);
    if (binSize === 0 || binSize % binAlignment !== 0 || at + binSize > size) {
      throw hiveInvalid(fileOffset + 8, 'a bin has an impossible size');
    }
    at += binSize;
  }
}

/** `hbin` as a little-endian number. */
const binSignature = 0x6e_69_62_68;

function cellAt(bytes: HiveBytes, size: number, offset: number, signature?: string): CellData {
  const fileOffset = baseBlockSize + offset;
  if (offset % 8 !== 0 || offset < binHeaderSize || offset + 8 > size) {
    throw hiveInvalid(fileOffset, 'an offset does not point to a cell');
  }
  // The size of a cell that is in use is negative.
  const cellSize = -(bytes.uint32(fileOffset) | 0);
  if (cellSize < 8 || cellSize % 8 !== 0 || offset + cellSize > size) {
    throw hiveInvalid(fileOffset, 'a cell is free or has an impossible size');
  }
  const dataAt = fileOffset + cellHeaderSize;
  const data = bytes.at(dataAt, cellSize - cellHeaderSize);
  if (
    signature !== undefined &&
    (data[0] !== signature.charCodeAt(0) || data[1] !== signature.charCodeAt(1))
  ) {
    throw hiveInvalid(dataAt, `expected a cell of kind "${signature}"`);
  }
  return { view: viewOf(data), bytes: data, fileOffset: dataAt };
}

/** Checks that `length` bytes at `at` lie in the cell. Throws hive-invalid. */
export function checkInside(cell: CellData, at: number, length: number): void {
  if (at + length > cell.bytes.length) {
    throw hiveInvalid(cell.fileOffset + cell.bytes.length, 'a cell is shorter than its content');
  }
}

export function signatureAt(view: DataView, at: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + at, length).toString('latin1');
}

export function hiveInvalid(offset: number, problem: string): AppError {
  return new AppError({ code: 'hive-invalid', offset, problem });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
