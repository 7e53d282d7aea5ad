/** What a backup stream holds (WIN32_STREAM_ID.dwStreamId in Microsoft's "Backup Streams"). */
export type StreamKind = (typeof kinds)[number];

/** In the order of their ids, from 1. */
const kinds = [
  'data',
  'extended-attributes',
  'security',
  'alternate-data',
  'link',
  'property',
  'object-id',
  'reparse',
  'sparse-block',
  'txfs',
] as const;

/** dwStreamAttributes: the content comes in sparse blocks behind this stream (STREAM_SPARSE_ATTRIBUTE). */
export const sparseStream = 8;

/** The head of one stream. */
export interface StreamHeader {
  readonly kind: StreamKind;
  /** dwStreamAttributes. */
  readonly attributes: number;
  /** Bytes of content, without the offset of a sparse block. */
  readonly size: number;
  /** `:name:$DATA` of alternate data, else empty. */
  readonly name: string;
  /** Where the content of a sparse block stands in the file, in bytes; 0 for all others. */
  readonly position: number;
}

/** Bytes of WIN32_STREAM_ID before the name. */
export const headerSize = 20;
/** The offset that begins the content of a sparse block and counts in its size (go-winio backup.go). */
export const blockOffsetSize = 8;
const nameSizeAt = 16;

/** What is always in a header; the name follows it. */
export interface FixedHeader {
  readonly kind: StreamKind | undefined;
  readonly id: number;
  readonly attributes: number;
  readonly size: bigint;
  /** In bytes. */
  readonly nameSize: number;
}

/** Reads the 20 bytes that begin a stream. */
export function decodeFixedHeader(bytes: Uint8Array): FixedHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerSize);
  const id = view.getUint32(0, true);
  return {
    kind: kinds[id - 1],
    id,
    attributes: view.getUint32(4, true),
    size: view.getBigUint64(8, true),
    nameSize: view.getUint32(nameSizeAt, true),
  };
}

/** The bytes before the content of a stream: header, name, and for a sparse block its offset. */
export function encodeStreamHeader(header: StreamHeader): Buffer {
  const name = Buffer.from(header.name, 'utf16le');
  const isBlock = header.kind === 'sparse-block';
  const bytes = Buffer.alloc(headerSize + name.byteLength + (isBlock ? blockOffsetSize : 0));
  bytes.writeUInt32LE(kinds.indexOf(header.kind) + 1, 0);
  bytes.writeUInt32LE(header.attributes, 4);
  bytes.writeBigUInt64LE(BigInt(header.size + (isBlock ? blockOffsetSize : 0)), 8);
  bytes.writeUInt32LE(name.byteLength, nameSizeAt);
  name.copy(bytes, headerSize);
  if (isBlock) bytes.writeBigUInt64LE(BigInt(header.position), headerSize + name.byteLength);
  return bytes;
}

/** A header without attributes and name, as most have. */
export function plainHeader(kind: StreamKind, size: number): StreamHeader {
  return { kind, attributes: 0, size, name: '', position: 0 };
}
