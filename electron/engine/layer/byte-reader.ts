import type { Bytes } from '../content/bytes.ts';
import { createByteSource, type ByteSource } from './byte-source.ts';

/** Reads a stream in pieces, without copying. */
export interface ByteReader extends Pick<ByteSource, 'offset'> {
  /** At most `count` bytes, at least one; undefined at the end. Valid until the next call. */
  takeSome(count: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Wraps a stream. `close` it unless it was read to its end. */
export function createByteReader(bytes: Bytes): ByteReader {
  const chunks = bytes[Symbol.asyncIterator]();
  const source = createByteSource();
  return {
    get offset() {
      return source.offset;
    },
    async takeSome(count) {
      for (;;) {
        const piece = source.takeSome(count);
        if (piece !== undefined) return piece;
        // A chunk is valid only until the next one is asked for: its memory may be gone by then.
        source.letGo();
        const next = await chunks.next();
        if (next.done === true) return undefined;
        source.feed(next.value);
      }
    },
    async close() {
      await chunks.return?.();
    },
  };
}
