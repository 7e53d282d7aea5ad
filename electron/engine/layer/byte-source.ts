/** Bytes that arrive in chunks and are taken in pieces, without waiting: whoever feeds it knows when to go on. */
export interface ByteSource {
  /** Bytes taken so far. */
  readonly offset: number;
  /** No more chunks will come. */
  readonly ended: boolean;
  /** Exactly `count` bytes, or fewer at the end; undefined while they are not there. Valid until the next chunk. */
  take(count: number): Uint8Array | undefined;
  /** At most `count` bytes, at least one; undefined while there are none, and at the end. Valid until the next chunk. */
  takeSome(count: number): Uint8Array | undefined;
  feed(chunk: Uint8Array): void;
  /** Copies what of the chunk was not taken, so that its memory can be used for something else. */
  letGo(): void;
  end(): void;
}

const nothing = new Uint8Array();

/** Starts empty. What of a chunk was not taken is joined with the next one. */
export function createByteSource(): ByteSource {
  let chunk: Uint8Array = nothing;
  let position = 0;
  let offset = 0;
  let ended = false;
  const cut = (count: number): Uint8Array => {
    const piece = chunk.subarray(position, position + count);
    position += piece.byteLength;
    offset += piece.byteLength;
    return piece;
  };
  return {
    get offset() {
      return offset;
    },
    get ended() {
      return ended;
    },
    take: count => (chunk.byteLength - position >= count || ended ? cut(count) : undefined),
    takeSome: count => (chunk.byteLength > position ? cut(count) : undefined),
    feed(next) {
      const left = chunk.byteLength - position;
      chunk = left === 0 ? next : Buffer.concat([chunk.subarray(position), next]);
      position = 0;
    },
    letGo() {
      chunk = position === chunk.byteLength ? nothing : Buffer.from(chunk.subarray(position));
      position = 0;
    },
    end() {
      ended = true;
    },
  };
}
