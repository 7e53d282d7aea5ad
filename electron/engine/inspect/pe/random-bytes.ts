import type { Bytes } from '../../content/bytes.ts';

/** Bytes that can be read in any order. */
export interface RandomBytes {
  readonly size: number;
  /** `length` bytes from `offset`, fewer at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

const pageSize = 64 * 1024;
/** A header, import tables and their names lie in few places. */
const keptPages = 16;

/** Reads pages by `open` and keeps the last few, so that a file of any size takes little memory. */
export function pagedBytes(
  size: number,
  open: (offset: number, length: number) => Bytes,
): RandomBytes {
  const pages = new Map<number, Uint8Array>();

  async function page(number: number): Promise<Uint8Array> {
    const found = pages.get(number);
    if (found) return found;
    const start = number * pageSize;
    const bytes = new Uint8Array(Math.max(0, Math.min(pageSize, size - start)));
    let done = 0;
    for await (const chunk of open(start, bytes.length)) {
      bytes.set(chunk.subarray(0, bytes.length - done), done);
      done += chunk.byteLength;
    }
    const [oldest] = pages.keys();
    if (pages.size >= keptPages && oldest !== undefined) pages.delete(oldest);
    pages.set(number, bytes);
    return bytes;
  }
  return {
    size,
    async read(offset, length) {
      const result = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      for (let done = 0; done < result.length;) {
        const at = offset + done;
        const bytes = await page(Math.floor(at / pageSize));
        const part = bytes.subarray(at % pageSize, (at % pageSize) + result.length - done);
        result.set(part, done);
        done += part.length;
      }
      return result;
    },
  };
}
