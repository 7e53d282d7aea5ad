import type { Bytes } from '../content/bytes.ts';
import { createByteReader, type ByteReader } from './byte-reader.ts';
import type { LayerFault } from './layer-fault.ts';
import { parsePaxRecords, type PaxRecords } from './pax-records.ts';
import { isZeroBlock, parseTarBlock, type TarBlock } from './tar-block.ts';
import { tarBlock, tarPadding } from './tar-header.ts';

/** A member of a tar, its PAX records not yet interpreted beyond path, link path and size. */
export interface TarMember {
  readonly path: string;
  readonly linkPath: string;
  readonly typeFlag: string;
  /** Bytes of content; 0 for what has none. */
  readonly size: number;
  /** Whole seconds, from the ustar field. */
  readonly modified: number;
  readonly pax: PaxRecords;
  /** Where the content starts, in bytes from the start of the tar. */
  readonly offset: number;
}

/** A tar that is read once, from front to back. */
export interface TarReader {
  /** Skips what was not read of the member before. Undefined at the end. */
  next(): Promise<TarMember | undefined>;
  /** Up to 256 KiB of the content of the member that `next` gave; undefined at its end. */
  read(): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Headers that describe the header after them are larger than this only in an attack. */
const metadataLimit = 1024 * 1024;
const contentChunk = 256 * 1024;
/** Types without content, whatever their size field says (as Go's archive/tar reads them). */
const withoutContent = new Set(['1', '2', '3', '4', '5', '6']);

/** Starts to read a tar. A damaged or hostile one fails with `fault`. */
export function createTarReader(bytes: Bytes, fault: LayerFault): TarReader {
  const source = createByteReader(bytes);
  let left = 0;
  let padding = 0;
  let current = '';

  async function read(): Promise<Uint8Array | undefined> {
    if (left === 0) return undefined;
    const chunk = await source.takeSome(Math.min(left, contentChunk));
    if (!chunk)
      throw fault(`the archive ends ${left} bytes before its content does`, source.offset, current);
    left -= chunk.byteLength;
    return chunk;
  }
  async function skipRest(): Promise<void> {
    while (left > 0) await read();
    const rest = await source.take(padding);
    if (rest.byteLength < padding)
      throw fault('the archive ends inside padding', source.offset, current);
    padding = 0;
  }
  return {
    async next() {
      await skipRest();
      const member = await readMember(source, fault);
      if (!member) return undefined;
      left = member.size;
      padding = tarPadding(member.size);
      current = member.path;
      return member;
    },
    read,
    close: () => source.close(),
  };
}

async function readMember(source: ByteReader, fault: LayerFault): Promise<TarMember | undefined> {
  let pax: PaxRecords = new Map();
  let longPath: string | undefined;
  let longLinkPath: string | undefined;
  for (;;) {
    const start = source.offset;
    const block = await readHeader(source, fault);
    if (!block) return undefined;
    switch (block.typeFlag) {
      case 'x':
        pax = await readPax(source, block, fault);
        break;
      // Global records, such as a comment from git, say nothing about a Windows layer.
      case 'g':
        await readPax(source, block, fault);
        break;
      case 'L':
        longPath = untilNul(await readMetadata(source, block, fault));
        break;
      case 'K':
        longLinkPath = untilNul(await readMetadata(source, block, fault));
        break;
      default: {
        const path = pax.get('path') ?? longPath ?? block.path;
        const linkPath = pax.get('linkpath') ?? longLinkPath ?? block.linkPath;
        const size = memberSize(block, pax);
        if (size === undefined) throw fault('its size is malformed', start, path);
        if (block.modified === undefined) throw fault('its time is malformed', start, path);
        const { typeFlag, modified } = block;
        return { path, linkPath, typeFlag, size, modified, pax, offset: source.offset };
      }
    }
  }
}

function memberSize(block: TarBlock, pax: PaxRecords): number | undefined {
  const record = pax.get('size');
  if (record !== undefined && !/^\d{1,16}$/.test(record)) return undefined;
  const size = record === undefined ? block.size : Number(record);
  if (size === undefined || !Number.isSafeInteger(size)) return undefined;
  return withoutContent.has(block.typeFlag) ? 0 : size;
}

async function readHeader(source: ByteReader, fault: LayerFault): Promise<TarBlock | undefined> {
  const start = source.offset;
  const bytes = await source.take(tarBlock);
  // Without closing zero blocks an archive is still whole: hcsshim and tar accept it, so do we.
  if (bytes.byteLength === 0) return undefined;
  if (bytes.byteLength < tarBlock) throw fault('the archive ends inside a header', start);
  if (isZeroBlock(bytes)) return readEnd(source, fault);
  const block = parseTarBlock(bytes);
  if (!block) throw fault('this is not a tar header: its checksum is wrong', start);
  return block;
}

async function readEnd(source: ByteReader, fault: LayerFault): Promise<undefined> {
  for (;;) {
    const start = source.offset;
    const chunk = await source.takeSome(contentChunk);
    if (!chunk) return undefined;
    if (!isZeroBlock(chunk)) throw fault('something follows the end of the archive', start);
  }
}

async function readPax(
  source: ByteReader,
  block: TarBlock,
  fault: LayerFault,
): Promise<PaxRecords> {
  const start = source.offset;
  const records = parsePaxRecords(await readMetadata(source, block, fault));
  if (!records) throw fault('its PAX records are malformed', start, block.path);
  return records;
}

async function readMetadata(
  source: ByteReader,
  { size, path }: TarBlock,
  fault: LayerFault,
): Promise<Buffer> {
  const start = source.offset;
  if (size === undefined) throw fault('its size is malformed', start, path);
  if (size > metadataLimit)
    throw fault(`its metadata has more than ${metadataLimit} bytes`, start, path);
  const body = Buffer.from(await source.take(size));
  const padding = await source.take(tarPadding(size));
  if (body.byteLength < size || padding.byteLength < tarPadding(size)) {
    throw fault('the archive ends inside its metadata', source.offset, path);
  }
  return body;
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.byteLength : end);
}
