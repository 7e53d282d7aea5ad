/** A stream of bytes. It can be read once. */
export type Bytes = AsyncIterable<Uint8Array>;

/** Bytes that are at hand, as a stream. */
export async function* once(content: Uint8Array): Bytes {
  yield content;
}

/** All of a stream that is known to be small. */
export async function collected(content: Bytes): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
