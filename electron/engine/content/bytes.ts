/** A stream of bytes. It can be read once. */
export type Bytes = AsyncIterable<Uint8Array>;

/** Bytes that are at hand, as a stream. */
export async function* once(content: Uint8Array): Bytes {
  yield content;
}
