import type { FileHandle } from 'node:fs/promises';
import { withFailure } from '../../content/file-system.ts';
import type { Bytes } from '../../content/bytes.ts';
import type { BackupSource } from './backup-source.ts';
import { sparseStream } from './backup-stream.ts';
import { decodeExtendedAttributes, type ExtendedAttributes } from './extended-attributes.ts';
import { readStreams, type BackupStream } from './read-streams.ts';
import { decodeReparsePoint, maxReparseSize, type DecodedReparse } from './reparse-point.ts';

/** What the backup streams of a file tell, with where its contents lie. */
export interface ScannedStreams {
  readonly securityDescriptor?: Uint8Array;
  readonly extendedAttributes?: ExtendedAttributes;
  readonly reparse?: NonNullable<DecodedReparse>;
  /** Absent where there is no data stream, as for directories; older Windows has none for empty files either. */
  readonly data?: StreamContent;
  readonly alternates: readonly AlternateContent[];
}

/** Content in the source of the streams. Between its parts, and behind them up to `size`, it is zeros. */
export interface StreamContent {
  /** In bytes. */
  readonly size: number;
  readonly parts: readonly ContentPart[];
}

export interface AlternateContent extends StreamContent {
  /** Without the colon and the type. */
  readonly streamName: string;
}

/** `size` bytes at `position` of the content, which lie at `offset` of the source. */
interface ContentPart {
  readonly position: number;
  readonly offset: number;
  readonly size: number;
}

/** Windows' own limits are lower: 64 KiB for each access list, and for all extended attributes. */
const maxSecuritySize = 1024 ** 2;
const maxAttributesSize = 1024 ** 2;
/** What a file may be torn into before its list of parts takes too much memory. */
const maxParts = 1_000_000;
const maxAlternates = 10_000;

interface Scan {
  securityDescriptor?: Uint8Array;
  extendedAttributes?: ExtendedAttributes;
  reparse?: NonNullable<DecodedReparse>;
  data?: GrowingContent;
  readonly alternates: (GrowingContent & { readonly streamName: string })[];
  /** What the next sparse blocks belong to. */
  open?: GrowingContent | undefined;
}

interface GrowingContent {
  size: number;
  readonly parts: ContentPart[];
}

/**
 * Reads the streams of one file but not its contents. Sparse files come in four forms (go-winio backuptar): see
 * `addBlock`. Links, properties, object ids and transaction data are passed over, as layers have no place for them.
 * Fails with `backup-stream-malformed`.
 */
export async function scanStreams(source: BackupSource): Promise<ScannedStreams> {
  const scan: Scan = { alternates: [] };
  for await (const stream of readStreams(source)) {
    if (stream.header.kind === 'sparse-block') addBlock(scan, stream, source);
    else {
      closeSparse(scan, source);
      await addStream(scan, stream, source);
    }
  }
  closeSparse(scan, source);
  return scan;
}

/** A sparse file of size 0 has no blocks at all. */
function closeSparse(scan: Scan, source: BackupSource): void {
  if (scan.open && scan.open.parts.length > 0) {
    throw source.fault('a sparse file ends before its last block');
  }
  scan.open = undefined;
}

async function addStream(scan: Scan, stream: BackupStream, source: BackupSource): Promise<void> {
  switch (stream.header.kind) {
    case 'security':
      scan.securityDescriptor = await whole(stream, maxSecuritySize, source);
      return;
    case 'extended-attributes': {
      const attributes = decodeExtendedAttributes(await whole(stream, maxAttributesSize, source));
      if (!attributes) throw source.fault('its extended attributes are damaged');
      if (attributes.size > 0) scan.extendedAttributes = attributes;
      return;
    }
    case 'reparse': {
      const reparse = decodeReparsePoint(await whole(stream, maxReparseSize, source));
      if (!reparse) throw source.fault('its reparse point is damaged');
      scan.reparse = reparse;
      return;
    }
    case 'data':
      if (scan.data) throw source.fault('it has two data streams');
      scan.data = contentOf(scan, stream);
      return;
    case 'alternate-data':
      addAlternate(scan, stream, source);
      return;
    default:
  }
}

function addAlternate(scan: Scan, stream: BackupStream, source: BackupSource): void {
  const streamName = /^:([^:\\/\0]+)(?::\$DATA)?$/i.exec(stream.header.name)?.[1];
  if (streamName === undefined) {
    throw source.fault(`a stream has the name ${JSON.stringify(stream.header.name)}`);
  }
  if (scan.alternates.length >= maxAlternates) {
    throw source.fault(`it has more than ${maxAlternates} streams`);
  }
  scan.alternates.push(Object.assign(contentOf(scan, stream), { streamName }));
}

function contentOf(scan: Scan, { header, contentOffset }: BackupStream): GrowingContent {
  const { size } = header;
  const parts = size === 0 ? [] : [{ position: 0, offset: contentOffset, size }];
  const content = { size, parts };
  const isSparse = size === 0 && (header.attributes & sparseStream) !== 0;
  scan.open = isSparse ? content : undefined;
  return content;
}

/** Blocks follow an empty sparse stream in ascending order; one of size 0 at the end of the file closes them. */
function addBlock(scan: Scan, { header, contentOffset }: BackupStream, source: BackupSource): void {
  const { open } = scan;
  if (!open) throw source.fault('a sparse block stands outside of a sparse file');
  if (header.position < open.size) throw source.fault('its sparse blocks overlap');
  if (open.parts.length >= maxParts) throw source.fault(`it has more than ${maxParts} blocks`);
  open.size = header.position + header.size;
  if (header.size === 0) scan.open = undefined;
  else {
    open.parts.push({ position: header.position, offset: contentOffset, size: header.size });
  }
}

async function whole(
  { header, content }: BackupStream,
  limit: number,
  source: BackupSource,
): Promise<Buffer> {
  if (header.size > limit) {
    throw source.fault(`its stream of kind ${header.kind} has ${header.size} bytes`);
  }
  const pieces: Buffer[] = [];
  for await (const piece of content()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const pieceSize = 256 * 1024;

/** The bytes of a content of the file `path`, holes as zeros; fewer where the file has become shorter meanwhile. */
export async function* readContent(
  handle: FileHandle,
  path: string,
  content: StreamContent,
): Bytes {
  const buffer = Buffer.allocUnsafe(Math.min(pieceSize, content.size));
  let position = 0;
  for (const part of content.parts) {
    yield* zeros(part.position - position);
    for (let done = 0; done < part.size;) {
      const wanted = Math.min(buffer.byteLength, part.size - done);
      const { bytesRead } = await withFailure('read', path, () =>
        handle.read(buffer, 0, wanted, part.offset + done),
      );
      if (bytesRead === 0) return;
      done += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    position = part.position + part.size;
  }
  yield* zeros(content.size - position);
}

function* zeros(count: number): Generator<Uint8Array> {
  const block = new Uint8Array(Math.min(count, pieceSize));
  for (let left = count; left > 0; left -= block.byteLength) {
    yield block.subarray(0, Math.min(left, block.byteLength));
  }
}
