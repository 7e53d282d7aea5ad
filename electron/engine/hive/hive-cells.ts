import { AppError } from '../../../shared/failure.ts';
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

/** The checked outside of a hive: its header and access to allocated cells. */
export interface HiveCells {
  readonly header: HiveHeader;
  /** Total size of the bins, in bytes: nothing in the hive can be larger. */
  readonly size: number;
  /** The cell at an offset from the end of the base block. Throws hive-invalid. */
  cell(offset: number, signature?: string): CellData;
}

/** Checks base block and bins. Throws hive-invalid with the offset of what is wrong. */
export function openCells(bytes: Uint8Array): HiveCells {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < baseBlockSize) throw hiveInvalid(bytes.length, 'the header is cut off');
  if (signatureAt(view, 0, 4) !== 'regf') throw hiveInvalid(0, 'it does not begin with "regf"');
  if (view.getUint32(508, true) !== baseBlockChecksum(view)) {
    throw hiveInvalid(508, 'the checksum of the header is wrong');
  }
  if (view.getUint32(20, true) !== 1) throw hiveInvalid(20, 'its major version is not 1');
  const size = view.getUint32(40, true);
  if (baseBlockSize + size > bytes.length) throw hiveInvalid(bytes.length, 'it is cut off');
  checkBins(view, size);
  return {
    header: readHeader(view),
    size,
    cell: (offset, signature) => cellAt(view, size, offset, signature),
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

function checkBins(view: DataView, size: number): void {
  for (let at = 0; at < size;) {
    const fileOffset = baseBlockSize + at;
    if (at + binHeaderSize > size || signatureAt(view, fileOffset, 4) !== 'hbin') {
      throw hiveInvalid(fileOffset, 'a bin does not begin with "hbin"');
    }
    const binSize = view.getUint32(fileOffset + 8, true);
    if (binSize === 0 || binSize % binAlignment !== 0 || at + binSize > size) {
      throw hiveInvalid(fileOffset + 8, 'a bin has an impossible size');
    }
    at += binSize;
  }
}

function cellAt(view: DataView, size: number, offset: number, signature?: string): CellData {
  const fileOffset = baseBlockSize + offset;
  if (offset % 8 !== 0 || offset < binHeaderSize || offset + 8 > size) {
    throw hiveInvalid(fileOffset, 'an offset does not point to a cell');
  }
  const cellSize = -view.getInt32(fileOffset, true);
  if (cellSize < 8 || cellSize % 8 !== 0 || offset + cellSize > size) {
    throw hiveInvalid(fileOffset, 'a cell is free or has an impossible size');
  }
  const dataAt = fileOffset + cellHeaderSize;
  const dataSize = cellSize - cellHeaderSize;
  if (signature !== undefined && signatureAt(view, dataAt, 2) !== signature) {
    throw hiveInvalid(dataAt, `expected a cell of kind "${signature}"`);
  }
  return {
    view: new DataView(view.buffer, view.byteOffset + dataAt, dataSize),
    bytes: new Uint8Array(view.buffer, view.byteOffset + dataAt, dataSize),
    fileOffset: dataAt,
  };
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
