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
  const block = Buffer.from(bytes.buffer, bytes.byteOffset, tarBlock);
  if (!hasRightChecksum(block)) return undefined;
  const name = text(block, 0, 100);
  // GNU's own format has the magic "ustar  " and keeps other things where ustar has the prefix.
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? text(block, 345, 155) : '';
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    typeFlag: block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0),
    size: count(block, 124, 12),
    modified: number(block, 136, 12),
    linkPath: text(block, 157, 100),
  };
}

function hasRightChecksum(block: Buffer): boolean {
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

// The checksum's own field counts as eight spaces. Indexed and without branches: there are two blocks to every entry.
function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < checksumAt; at++) sum += block[at] ?? 0;
  for (let at = checksumAt + 8; at < tarBlock; at++) sum += block[at] ?? 0;
  return sum;
}

function text(block: Buffer, offset: number, length: number): string {
  const end = block.indexOf(0, offset);
  return block.toString('utf8', offset, end < 0 ? offset + length : Math.min(end, offset + length));
}

function count(block: Buffer, offset: number, length: number): number | undefined {
  const value = number(block, offset, length);
  return value !== undefined && value >= 0 ? value : undefined;
}

function number(block: Buffer, offset: number, length: number): number | undefined {
  const first = block[offset] ?? 0;
  if (first >= 0x80) return base256(block.subarray(offset, offset + length));
  const digits = text(block, offset, length).trim();
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

// GNU's form for large numbers: the top bit set, the rest a big-endian two's complement number.
function base256(field: Buffer): number | undefined {
  const bits = BigInt(field.byteLength * 8 - 1);
  const value = BigInt.asIntN(Number(bits), BigInt(`0x${field.toString('hex')}`));
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : undefined;
}
