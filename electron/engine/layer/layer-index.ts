import type { Digest } from '../../../shared/oci/digest.ts';
import type { LayerEntry, Nanoseconds } from './entry.ts';
import { absentTime, contentHashLength, entryKinds, type IndexColumns } from './index-columns.ts';

/** What a layer holds, without its contents. Entries are numbered from 0 in tar order. */
export interface LayerIndex {
  readonly diffId: Digest;
  /** Bytes of the uncompressed tar. */
  readonly uncompressedSize: number;
  readonly count: number;
  kindAt(number: number): LayerEntry['kind'];
  /** The path without a stream name; for a whiteout the path that is removed. */
  pathAt(number: number): string;
  /** Bytes of content. */
  sizeAt(number: number): number;
  entryAt(number: number): LayerEntry;
  /** Where the content starts, in bytes from the start of the uncompressed tar. */
  contentOffsetAt(number: number): number;
  /** 16 bytes that are equal for equal contents; zero for entries without content. */
  contentHashAt(number: number): Uint8Array;
}

/** What an index is made of. */
export interface IndexData {
  readonly diffId: Digest;
  readonly uncompressedSize: number;
  readonly columns: IndexColumns;
}

/** Reads entries out of columns. Asking beyond `count` is a bug. */
export function layerIndexOf({ diffId, uncompressedSize, columns }: IndexData): LayerIndex {
  const paths = Buffer.from(
    columns.paths.buffer,
    columns.paths.byteOffset,
    columns.paths.byteLength,
  );
  const kindAt = (number: number) => {
    const kind = entryKinds[columns.kind[number] ?? entryKinds.length];
    if (kind === undefined) throw new RangeError(`the index of ${diffId} has no entry ${number}`);
    return kind;
  };
  const pathAt = (number: number) =>
    paths.toString('utf8', columns.pathEnd[number - 1] ?? 0, columns.pathEnd[number]);
  return {
    diffId,
    uncompressedSize,
    count: columns.kind.length,
    kindAt,
    pathAt,
    sizeAt: number => columns.size[number] ?? 0,
    entryAt: number => entryOf(columns, number, kindAt(number), pathAt(number)),
    contentOffsetAt: number => columns.contentOffset[number] ?? 0,
    contentHashAt: number =>
      columns.contentHash.subarray(number * contentHashLength, (number + 1) * contentHashLength),
  };
}

function entryOf(
  columns: IndexColumns,
  number: number,
  kind: LayerEntry['kind'],
  path: string,
): LayerEntry {
  const common = { path, ...metadataOf(columns, number) };
  const text = columns.texts.get(number) ?? '';
  const size = columns.size[number] ?? 0;
  switch (kind) {
    case 'file':
      return { ...common, kind, size };
    case 'stream':
      return { ...common, kind, streamName: text, size };
    case 'hard-link':
      return { ...common, kind, target: text };
    case 'symlink':
      return { ...common, kind, target: text, mountPoint: columns.mountPoints.has(number) };
    case 'directory':
    case 'whiteout':
      return { ...common, kind };
  }
}

function metadataOf(columns: IndexColumns, number: number) {
  const accessed = present(columns.accessed[number]);
  const changed = present(columns.changed[number]);
  const created = present(columns.created[number]);
  const securityDescriptor = columns.descriptors[(columns.descriptor[number] ?? 0) - 1];
  const extendedAttributes = columns.extendedAttributes.get(number);
  return {
    attributes: columns.attributes[number] ?? 0,
    modified: columns.modified[number] ?? 0n,
    ...(accessed !== undefined && { accessed }),
    ...(changed !== undefined && { changed }),
    ...(created !== undefined && { created }),
    ...(securityDescriptor && { securityDescriptor }),
    ...(extendedAttributes && { extendedAttributes }),
  };
}

function present(time: Nanoseconds | undefined): Nanoseconds | undefined {
  return time === absentTime ? undefined : time;
}
