import { decodeText } from './decode-text.ts';
import { tarBlock } from './tar-header.ts';

/** The fields of a ustar block as they stand, before PAX records change them. */
export interface TarBlock {
  readonly path: string;
  readonly typeFlag: string;
  /** Bytes; undefined if the field is malformed, negative or beyond what a number can hold. */
  readonly size: number | undefined;
  /** Whole seconds since 1970; undefined if malformed. */
  readonly modified: number | undefined;
  readonly linkPath: string;
}

/** Tells whether a block is all zero, which ends a tar. */
export function isZeroBlock(block: Uint8Array): boolean {
  return block.every(byte => byte === 0);
}

/** Decodes a header block, or gives undefined if its checksum is wrong (POSIX ustar; GNU and old forms). */
export function parseTarBlock(bytes: Uint8Array): TarBlock | undefined {
  if (!hasRightChecksum(bytes)) return undefined;
  const name = text(bytes, 0, 100);
  const prefix = bytes[345] !== 0 && isUstar(bytes) ? text(bytes, 345, 155) : '';
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    typeFlag: bytes[156] === 0 ? '0' : String.fromCharCode(bytes[156] ?? 0),
    size: count(bytes, 124, 12),
    modified: number(bytes, 136, 12),
    linkPath: text(bytes, 157, 100),
  };
}

/** GNU's own format has the magic "ustar  " and keeps other things where ustar has the prefix. */
function isUstar(block: Uint8Array): boolean {
  return decodeText(block, 257, 263) === 'ustar\0';
}

function hasRightChecksum(block: Uint8Array): boolean {
  const stored = number(block, checksumAt, 8);
  const sum = checksum(block);
  if (stored === sum) return true;
  // Some old writers added signed characters (POSIX ustar rationale): each byte above 0x7f counts 0x100 less.
  const high = block.filter((byte, at) => byte > 0x7f && !isChecksumField(at)).byteLength;
  return stored === sum - high * 0x100;
}

const checksumAt = 148;

function isChecksumField(at: number): boolean {
  return at >= checksumAt && at < checksumAt + 8;
}

// The checksum's own field counts as eight spaces. There are two blocks to every entry: where they lie at a multiple of
// four, as they nearly always do, four bytes are added at a time, two and two in the halves of a word.
function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let at = checksumAt; at < checksumAt + 8; at++) sum -= block[at] ?? 0;
  if (block.byteOffset % 4 !== 0) {
    for (let at = 0; at < tarBlock; at++) sum += block[at] ?? 0;
    return sum;
  }
  const words = new Uint32Array(block.buffer, block.byteOffset, tarBlock / 4);
  let pairs = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0;
    pairs += (word & 0xff00ff) + ((word >>> 8) & 0xff00ff);
  }
  return sum + (pairs & 0xffff) + (pairs >>> 16);
}

function text(block: Uint8Array, offset: number, length: number): string {
  let end = offset;
  while (end < offset + length && block[end] !== 0) end += 1;
  return decodeText(block, offset, end);
}

function count(block: Uint8Array, offset: number, length: number): number | undefined {
  const value = number(block, offset, length);
  return value !== undefined && value >= 0 ? value : undefined;
}

const space = 0x20;
const zero = 0x30;

/** Octal digits between spaces, up to a NUL. */
function number(block: Uint8Array, offset: number, length: number): number | undefined {
  if ((block[offset] ?? 0) >= 0x80) return base256(block.subarray(offset, offset + length));
  const end = offset + length;
  let at = offset;
  while (at < end && block[at] === space) at += 1;
  let value = 0;
  for (; at < end; at++) {
    const digit = (block[at] ?? 0) - zero;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  while (at < end && block[at] === space) at += 1;
  return at === end || block[at] === 0 ? value : undefined;
}

// GNU's form for large numbers: the top bit set, the rest a big-endian two's complement number.
function base256(field: Uint8Array): number | undefined {
  const bits = field.byteLength * 8 - 1;
  const value = BigInt.asIntN(bits, BigInt(`0x${Buffer.from(field).toString('hex')}`));
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : undefined;
}
