import type { Bytes } from '../content/bytes.ts';

/** Reads a stream in pieces of wanted sizes, without copying where a piece lies in one chunk. */
export interface ByteReader {
  /** Bytes taken so far. */
  readonly offset: number;
  /** Exactly `count` bytes, or fewer at the end. Valid until the next call. */
  take(count: number): Promise<Uint8Array>;
  /** At most `count` bytes, at least one; undefined at the end. Valid until the next call. */
  takeSome(count: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Wraps a stream. `close` it unless it was read to its end. */
export function createByteReader(bytes: Bytes): ByteReader {
  const iterator = bytes[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array();
  let position = 0;
  let offset = 0;
  let ended = false;

  async function fill(): Promise<boolean> {
    while (position === chunk.byteLength && !ended) {
      const next = await iterator.next();
      ended = next.done === true;
      if (next.done !== true) chunk = next.value;
      position = next.done === true ? chunk.byteLength : 0;
    }
    return position < chunk.byteLength;
  }
  function cut(count: number): Uint8Array {
    const piece = chunk.subarray(position, position + count);
    position += piece.byteLength;
    offset += piece.byteLength;
    return piece;
  }
  return {
    get offset() {
      return offset;
    },
    async take(count) {
      if (chunk.byteLength - position >= count || !(await fill())) return cut(count);
      if (chunk.byteLength - position >= count) return cut(count);
      const parts: Uint8Array[] = [];
      for (let missing = count; missing > 0 && (await fill());) {
        const part = Buffer.from(cut(missing));
        parts.push(part);
        missing -= part.byteLength;
      }
      return Buffer.concat(parts);
    },
    async takeSome(count) {
      return (await fill()) ? cut(count) : undefined;
    },
    async close() {
      ended = true;
      await iterator.return?.();
    },
  };
}
