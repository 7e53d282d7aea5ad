import { closeSync, openSync, readSync } from 'node:fs';

/** The bytes of a hive: in memory, or in a file of which only a few pages are in memory. */
export interface HiveBytes {
  readonly size: number;
  /** Bytes that lie within `size`; they stay valid. */
  at(offset: number, length: number): Uint8Array;
  uint32(offset: number): number;
}

export function bytesInMemory(source: Uint8Array): HiveBytes {
  // Not a Buffer, whose `slice` does not copy.
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: bytes.length,
    at: (offset, length) => bytes.subarray(offset, offset + length),
    uint32: offset => view.getUint32(offset, true),
  };
}

const pageSize = 256 * 1024;
/** 32 MiB of pages: neighbours in the tree mostly are neighbours in the file. */
const keptPages = 128;

/** Reads a file of `size` bytes page by page. Dispose it to close the file. Throws as node:fs does. */
export function openHiveFile(path: string, size: number): HiveBytes & Disposable {
  const file = openSync(path, 'r');
  const pages = new Map<number, Uint8Array>();

  function page(number: number): Uint8Array {
    const found = pages.get(number);
    if (found) return found;
    // A new buffer each time, so that what was handed out of an older one stays as it is.
    const bytes = new Uint8Array(Math.min(pageSize, size - number * pageSize));
    for (let done = 0; done < bytes.length;) {
      const count = readSync(file, bytes, done, bytes.length - done, number * pageSize + done);
      if (count === 0) break;
      done += count;
    }
    const [oldest] = pages.keys();
    if (pages.size >= keptPages && oldest !== undefined) pages.delete(oldest);
    pages.set(number, bytes);
    return bytes;
  }
  function at(offset: number, length: number): Uint8Array {
    const number = Math.floor(offset / pageSize);
    const start = offset - number * pageSize;
    if (start + length <= pageSize) return page(number).subarray(start, start + length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const [place, within] = [Math.floor((offset + done) / pageSize), (offset + done) % pageSize];
      const part = page(place).subarray(within, within + length - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }
  return {
    size,
    at,
    uint32(offset) {
      const bytes = at(offset, 4);
      return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}
