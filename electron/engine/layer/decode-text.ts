/** The UTF-8 text from `start` to `end`. Nearly all texts of a layer are ASCII, and those are decoded faster. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  return bufferOver(bytes).toString(isAscii(bytes, start, end) ? 'latin1' : 'utf8', start, end);
}

/** Whether the bytes from `start` to `end` are all below 0x80. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 0x7f) return false;
  return true;
}

function bufferOver(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
