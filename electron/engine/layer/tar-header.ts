import { posix } from 'node:path';
import { formatPaxTime } from './pax-time.ts';
import { encodePaxRecords, type PaxRecords } from './pax-records.ts';

/** Tar works in blocks of this many bytes. */
export const tarBlock = 512;

/** The type flags we write (POSIX ustar). */
export type TarType = 'file' | 'hard-link' | 'symlink' | 'directory';

const typeFlags = { file: '0', 'hard-link': '1', symlink: '2', directory: '5' } as const;
const nameLength = 100;
const largestOctalSize = 8 ** 11 - 1;
const second = 1_000_000_000n;

/** A tar entry before it is encoded. */
export interface TarHeader {
  readonly path: string;
  readonly type: TarType;
  /** File type and permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
  readonly linkPath?: string;
  readonly pax: PaxRecords;
}

/**
 * Encodes one entry's header: a PAX header where something does not fit into ustar or `pax` has
 * records, then the ustar block. Owner, group and devices are zero: Windows layers do not use them.
 */
export function encodeTarHeader(header: TarHeader): Buffer {
  const records = withUnfitting(header);
  const main = ustarBlock(header, typeFlags[header.type]);
  if (records.size === 0) return main;
  const body = encodePaxRecords(records);
  const pax = ustarBlock(
    {
      path: paxName(header.path),
      type: 'file',
      mode: 0,
      size: body.length,
      modified: 0n,
      pax: new Map(),
    },
    'x',
  );
  return Buffer.concat([pax, body, Buffer.alloc(tarPadding(body.length)), main]);
}

/** How many zero bytes follow `size` bytes of content, up to the next block. */
export function tarPadding(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}

function withUnfitting(header: TarHeader): Map<string, string> {
  const records = new Map(header.pax);
  if (!fitsField(header.path)) records.set('path', header.path);
  if (header.linkPath !== undefined && !fitsField(header.linkPath))
    records.set('linkpath', header.linkPath);
  if (header.size > largestOctalSize) records.set('size', String(header.size));
  if (!fitsTimeField(header.modified)) records.set('mtime', formatPaxTime(header.modified));
  return records;
}

function fitsField(text: string): boolean {
  return text.length <= nameLength && isAscii(text);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function fitsTimeField(time: bigint): boolean {
  return time >= 0n && time % second === 0n && time / second <= BigInt(largestOctalSize);
}

// Readers that know PAX never look at this name; others make a file of it, beside the entry.
function paxName(path: string): string {
  return posix.join(posix.dirname(path), 'PaxHeaders.0', posix.basename(path));
}

function ustarBlock(header: TarHeader, typeFlag: string): Buffer {
  const block = Buffer.alloc(tarBlock);
  putText(block, 0, header.path);
  putOctal(block, 100, 8, header.mode);
  putOctal(block, 108, 8, 0);
  putOctal(block, 116, 8, 0);
  putOctal(block, 124, 12, header.size > largestOctalSize ? 0 : header.size);
  putOctal(
    block,
    136,
    12,
    fitsTimeField(header.modified)
      ? Number(header.modified / second)
      : clampedSeconds(header.modified),
  );
  block.write('        ', 148, 'latin1');
  block.write(typeFlag, 156, 'latin1');
  putText(block, 157, header.linkPath ?? '');
  block.write('ustar\u000000', 257, 'latin1');
  // Go's archive/tar leaves these empty in PAX headers; with that, our tars are those of go-winio byte for byte.
  if (typeFlag !== 'x') {
    putOctal(block, 329, 8, 0);
    putOctal(block, 337, 8, 0);
  }
  putOctal(block, 148, 7, checksum(block));
  return block;
}

// The PAX record has the exact time; the field holds its whole seconds where they fit.
function clampedSeconds(time: bigint): number {
  const seconds = time / second;
  return time < 0n || seconds > BigInt(largestOctalSize) ? 0 : Number(seconds);
}

// The field is for readers without PAX: characters beyond ASCII are left out, the rest is cut.
function putText(block: Buffer, offset: number, text: string): void {
  const ascii = isAscii(text) ? text : text.replace(/[^\0-\u007f]/g, '');
  block.write(ascii.slice(0, nameLength).replace(/\/+$/, ''), offset, 'latin1');
}

function putOctal(block: Buffer, offset: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'latin1');
}

function checksum(block: Buffer): number {
  let sum = 0;
  // Indexed: an iterator over 512 bytes would cost more than the rest of the header.
  for (let index = 0; index < tarBlock; index++) sum += block[index] ?? 0;
  return sum;
}
