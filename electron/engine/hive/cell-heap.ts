import { binAlignment, binHeaderSize, cellHeaderSize } from './regf.ts';

/** A cell whose data may still be filled in. */
interface Cell {
  /** Where other cells find it: from the end of the base block, in bytes. */
  readonly offset: number;
  readonly view: DataView;
  readonly bytes: Uint8Array;
}

/** Places cells into bins. A cell never crosses the end of its bin. */
export interface CellHeap {
  allocate(size: number): Cell;
  /** All bins in a row; the first carries the time of the hive (FILETIME). */
  finish(fileTime: bigint): Uint8Array;
}

export function createCellHeap(): CellHeap {
  const bins: Uint8Array[] = [];
  let size = 0;
  let bin = new Uint8Array(0);
  let used = 0;

  function startBin(cellSize: number): void {
    closeBin();
    const binSize = roundUp(binHeaderSize + cellSize, binAlignment);
    bin = new Uint8Array(binSize);
    const view = new DataView(bin.buffer);
    bin.set(Buffer.from('hbin'));
    view.setUint32(4, size, true);
    view.setUint32(8, binSize, true);
    bins.push(bin);
    size += binSize;
    used = binHeaderSize;
  }

  /** What is left of a bin is one free cell: its size is positive. */
  function closeBin(): void {
    if (used < bin.length) new DataView(bin.buffer).setInt32(used, bin.length - used, true);
  }
  return {
    allocate(dataSize) {
      const cellSize = roundUp(cellHeaderSize + dataSize, 8);
      if (used + cellSize > bin.length) startBin(cellSize);
      new DataView(bin.buffer).setInt32(used, -cellSize, true);
      const dataAt = used + cellHeaderSize;
      const offset = size - bin.length + used;
      used += cellSize;
      return {
        offset,
        view: new DataView(bin.buffer, dataAt, dataSize),
        bytes: bin.subarray(dataAt, dataAt + dataSize),
      };
    },
    finish(fileTime) {
      closeBin();
      const [first] = bins;
      if (first !== undefined) new DataView(first.buffer).setBigUint64(20, fileTime, true);
      return Buffer.concat(bins);
    },
  };
}

function roundUp(size: number, step: number): number {
  return Math.ceil(size / step) * step;
}
