import type { Bytes } from '../content/bytes.ts';

const chunkSize = 64 * 1024;

/** A seed for what belongs to `name`: FNV-1a over its UTF-16 units, an unsigned 32 bit number. */
export function seedOf(name: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01_00_01_93);
  }
  return hash >>> 0;
}

/** Bytes that do not compress, the same for the same seed on every machine (xorshift32). */
export function noise(seed: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  fillNoise(bytes, seed);
  return bytes;
}

/** Fills `bytes` and gives the state from which the next ones continue. */
function fillNoise(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = bytes.length - (bytes.length % 4);
  // Zero is the one state that xorshift never leaves.
  let state = seed === 0 ? 1 : seed | 0;
  for (let at = 0; at < words; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    view.setInt32(at, state, true);
  }
  for (let at = words; at < bytes.length; at++) bytes[at] = state >>> (8 * (at - words));
  return state;
}

const phrase = Buffer.from('This file stands in for one of Windows and holds nothing of it.\r\n');

/** Text that compresses well. */
export function filler(size: number): Uint8Array {
  return Buffer.alloc(size, phrase);
}

/**
 * `size` bytes of which half compress well and half not at all, in turns of 64 KiB, as a mix of program code and
 * packed data would. Streamed: each chunk is only valid until the next one is asked for.
 */
export async function* mixedContent(name: string, size: number): Bytes {
  const random = new Uint8Array(Math.min(size, chunkSize));
  const text = filler(random.length);
  let state = seedOf(name);
  for (let at = 0, turn = state % 2; at < size; at += chunkSize, turn++) {
    const length = Math.min(chunkSize, size - at);
    const isText = turn % 2 === 1;
    if (!isText) state = fillNoise(random, state);
    yield (isText ? text : random).subarray(0, length);
  }
}
