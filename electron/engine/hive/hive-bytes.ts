import { closeSync, openSync, readSync } from 'node:fs';

/** A stretch of a hive in memory. Its bytes do not change. */
export interface HivePage {
  readonly buffer: Buffer;
  readonly view: DataView;
  /** Offset in the hive of its first byte. */
  readonly base: number;
}

/** The bytes of a hive: in memory, or in a file of which only a few pages are in memory. */
export interface HiveBytes {
  readonly size: number;
  /** A page with all of the bytes from `offset` on, which must lie within `size`. */
  page(offset: number, length: number): HivePage;
}

export function bytesInMemory(bytes: Uint8Array): HiveBytes {
  const page = pageOf(bytes, 0);
  return { size: bytes.length, page: () => page };
}

function pageOf(bytes: Uint8Array, base: number): HivePage {
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    buffer: Buffer.from(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
    base,
  };
}

const pageSize = 256 * 1024;
/** 32 MiB of pages: neighbours in the tree mostly are neighbours in the file. */
const keptPages = 128;

/** Reads a file of `size` bytes page by page. Dispose it to close the file. Throws as node:fs does. */
export function openHiveFile(path: string, size: number): HiveBytes & Disposable {
  const file = openSync(path, 'r');
  const pages = new Map<number, HivePage>();

  function read(offset: number, length: number): HivePage {
    // A new buffer each time, so that what was handed out of an older one stays as it is.
    const bytes = new Uint8Array(Math.min(length, size - offset));
    for (let done = 0; done < bytes.length;) {
      const count = readSync(file, bytes, done, bytes.length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return pageOf(bytes, offset);
  }
  return {
    size,
    page(offset, length) {
      const number = Math.floor(offset / pageSize);
      // What crosses the end of a page is rare: bins are much smaller, and most cells do not leave their bin.
      if (offset + length > (number + 1) * pageSize) return read(offset, length);
      const found = pages.get(number);
      if (found) return found;
      const [oldest] = pages.keys();
      if (pages.size >= keptPages && oldest !== undefined) pages.delete(oldest);
      const page = read(number * pageSize, pageSize);
      pages.set(number, page);
      return page;
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}
