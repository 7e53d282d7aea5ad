import { AppError } from '../../../shared/failure.ts';
import { parsePaxRecords } from '../layer/pax-records.ts';
import { tarBlock } from '../layer/tar-header.ts';

/** What one header block of a tar says. */
export interface TarBlock {
  readonly name: string;
  readonly linkName: string;
  readonly size: number;
  readonly type: string;
  /** Set where the entry only extends the next one: PAX records, or GNU's long names. */
  readonly extension?: 'pax' | 'path' | 'linkpath' | 'ignored';
}

const extensionTypes: Readonly<Record<string, TarBlock['extension']>> = {
  x: 'pax',
  g: 'ignored',
  L: 'path',
  K: 'linkpath',
};

/** Reads a POSIX ustar header (IEEE Std 1003.1, pax) with GNU's binary numbers. Throws archive-invalid. */
export function decodeHeader(block: Buffer, path: string, offset: number): TarBlock {
  let sum = 0;
  for (let i = 0; i < block.length; i += 1) sum += i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
  if (block.length < tarBlock || sum !== numberAt(block, 148, 8)) {
    throw archiveInvalid(
      path,
      offset === 0 ? wrongStart(block) : `it is damaged at byte ${offset}`,
    );
  }
  const prefix = block.toString('latin1', 257, 262) === 'ustar' ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  const type = String.fromCharCode(block[156] ?? 0);
  const extension = extensionTypes[type];
  return {
    // GNU uses the prefix field for times; its magic ends in a space.
    name: prefix !== '' && block[262] === 0 ? `${prefix}/${name}` : name,
    linkName: textAt(block, 157, 100),
    size: numberAt(block, 124, 12),
    type,
    ...(extension === undefined ? {} : { extension }),
  };
}

function wrongStart(block: Buffer): string {
  if (block[0] === 0x1f && block[1] === 0x8b)
    return 'it is compressed with gzip; unpack it with gunzip first';
  if (block.length >= 4 && block.readUInt32LE(0) === 0xfd2fb528) {
    return 'it is compressed with zstd; unpack it with unzstd first';
  }
  return 'it is not a tar file';
}

/** What an extension header changes in the next one, by PAX key. Throws archive-invalid. */
export function decodeExtension(
  kind: NonNullable<TarBlock['extension']>,
  body: Buffer,
  path: string,
): ReadonlyMap<string, string> {
  if (kind === 'ignored') return new Map();
  if (kind !== 'pax') return new Map([[kind, textAt(body, 0, body.length)]]);
  const records = parsePaxRecords(body);
  if (records === undefined) throw archiveInvalid(path, 'a PAX header in it is malformed');
  return records;
}

/** The failure of an archive that we cannot take. */
export function archiveInvalid(path: string, problem: string): AppError {
  return new AppError({ code: 'archive-invalid', path, problem });
}

function textAt(buffer: Buffer, offset: number, length: number): string {
  const field = buffer.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

function numberAt(block: Buffer, offset: number, length: number): number {
  const first = block[offset] ?? 0;
  if (first < 0x80) return Number.parseInt(textAt(block, offset, length).trim() || '0', 8);
  let value = first & 0x7f;
  for (let i = offset + 1; i < offset + length; i += 1) value = value * 256 + (block[i] ?? 0);
  return value;
}
