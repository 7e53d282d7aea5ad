/** A stream of bytes. It can be read once. */
export type Bytes = AsyncIterable<Uint8Array>;
