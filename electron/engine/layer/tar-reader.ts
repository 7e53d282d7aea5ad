import type { ByteSource } from './byte-source.ts';
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

/** Says that the source has to be fed before the reading can go on. */
export const needsMore = Symbol('needs more');

/** A member, then pieces of its content (valid until the source is fed), then the next member. */
export type TarToken = TarMember | Uint8Array | typeof needsMore;

/** A reading that stops where the source has no bytes. */
type Reading<T> = Generator<typeof needsMore, T>;

/** Headers that describe the header after them are larger than this only in an attack. */
const metadataLimit = 1024 * 1024;
const contentChunk = 256 * 1024;
/** Types without content, whatever their size field says (as Go's archive/tar reads them). */
const withoutContent = new Set(['1', '2', '3', '4', '5', '6']);

/**
 * Reads a tar, once, from front to back. A damaged or hostile one fails with `fault`. It is a generator and not
 * asynchronous, because a layer has a hundred thousand members and each would wait several times for nothing.
 */
export function* readTar(source: ByteSource, fault: LayerFault): Generator<TarToken, void> {
  for (;;) {
    const member = yield* readMember(source, fault);
    if (!member) return;
    yield member;
    for (let left = member.size; left > 0;) {
      const chunk = source.takeSome(Math.min(left, contentChunk));
      if (!chunk && source.ended) {
        throw fault(
          `the archive ends ${left} bytes before its content does`,
          source.offset,
          member.path,
        );
      }
      if (chunk) left -= chunk.byteLength;
      yield chunk ?? needsMore;
    }
    const padding = tarPadding(member.size);
    const rest = source.take(padding) ?? (yield* take(source, padding));
    if (rest.byteLength < padding) {
      throw fault('the archive ends inside padding', source.offset, member.path);
    }
  }
}

function* take(source: ByteSource, count: number): Reading<Uint8Array> {
  for (;;) {
    const piece = source.take(count);
    if (piece) return piece;
    yield needsMore;
  }
}

function* readMember(source: ByteSource, fault: LayerFault): Reading<TarMember | undefined> {
  let pax: PaxRecords = new Map();
  let longPath: string | undefined;
  let longLinkPath: string | undefined;
  for (;;) {
    const start = source.offset;
    const block = yield* readHeader(source, fault);
    if (!block) return undefined;
    switch (block.typeFlag) {
      case 'x':
        pax = yield* readPax(source, block, fault);
        break;
      // Global records, such as a comment from git, say nothing about a Windows layer.
      case 'g':
        yield* readPax(source, block, fault);
        break;
      case 'L':
        longPath = untilNul(yield* readMetadata(source, block, fault));
        break;
      case 'K':
        longLinkPath = untilNul(yield* readMetadata(source, block, fault));
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

function* readHeader(source: ByteSource, fault: LayerFault): Reading<TarBlock | undefined> {
  const start = source.offset;
  const bytes = source.take(tarBlock) ?? (yield* take(source, tarBlock));
  // Without closing zero blocks an archive is still whole: hcsshim and tar accept it, so do we.
  if (bytes.byteLength === 0) return undefined;
  if (bytes.byteLength < tarBlock) throw fault('the archive ends inside a header', start);
  if (isZeroBlock(bytes)) return yield* readEnd(source, fault);
  const block = parseTarBlock(bytes);
  if (!block) throw fault('this is not a tar header: its checksum is wrong', start);
  return block;
}

function* readEnd(source: ByteSource, fault: LayerFault): Reading<undefined> {
  for (;;) {
    const start = source.offset;
    const chunk = source.takeSome(contentChunk);
    if (!chunk && source.ended) return undefined;
    if (!chunk) yield needsMore;
    else if (!isZeroBlock(chunk)) throw fault('something follows the end of the archive', start);
  }
}

function* readPax(source: ByteSource, block: TarBlock, fault: LayerFault): Reading<PaxRecords> {
  const start = source.offset;
  const records = parsePaxRecords(yield* readMetadata(source, block, fault));
  if (!records) throw fault('its PAX records are malformed', start, block.path);
  return records;
}

function* readMetadata(
  source: ByteSource,
  { size, path }: TarBlock,
  fault: LayerFault,
): Reading<Buffer> {
  const start = source.offset;
  if (size === undefined) throw fault('its size is malformed', start, path);
  if (size > metadataLimit)
    throw fault(`its metadata has more than ${metadataLimit} bytes`, start, path);
  const bytes = source.take(size) ?? (yield* take(source, size));
  const body = Buffer.from(bytes);
  const padding = source.take(tarPadding(size)) ?? (yield* take(source, tarPadding(size)));
  if (body.byteLength < size || padding.byteLength < tarPadding(size)) {
    throw fault('the archive ends inside its metadata', source.offset, path);
  }
  return body;
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.byteLength : end);
}
