import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobReader } from '../content/blob-store.ts';
import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { withFailure } from '../content/file-system.ts';
import { createByteReader } from './byte-reader.ts';
import { decompress } from './decompress.ts';
import type { LayerRef } from './index-layer.ts';
import type { LayerIndex } from './layer-index.ts';
import { layerFault } from './layer-fault.ts';
import type { EntryAt } from './tree-node.ts';

/** A chain whose contents are to be read: each layer as the image names it, and its index. */
export interface ContentSource {
  readonly blobs: BlobReader;
  readonly layersBaseFirst: readonly { readonly ref: LayerRef; readonly index: LayerIndex }[];
}

/** Takes the content of `wanted[position]`; it must read it to the end. Chunks are valid until the next. */
export type ContentSink = (position: number, content: Bytes) => Promise<void>;

/**
 * Reads contents out of a chain and gives them to `sink` in the order of `wanted`. Each layer is inflated once, to
 * its end, so that its digest is checked; where the order differs from that in the layers, contents wait in a file
 * in `spoolDir`, never in memory.
 */
export async function readContents(
  source: ContentSource,
  wanted: readonly EntryAt[],
  sink: ContentSink,
  options: { readonly spoolDir: string; readonly signal?: AbortSignal },
): Promise<void> {
  const parts = wanted.map(at => partOf(source, at));
  const sorted = [...parts.keys()].sort((a, b) => compareParts(parts[a], parts[b]));
  if (sorted.every((position, rank) => position === rank)) {
    return readInOrder(source, parts, sink, options.signal);
  }
  const path = join(options.spoolDir, `contents-${randomUUID()}`);
  const spool = await withFailure('write', path, () => open(path, 'wx+'));
  try {
    await readThroughSpool(source, parts, { sink, spool, path, signal: options.signal });
  } finally {
    await spool.close();
    await rm(path, { force: true });
  }
}

/** A stretch of a layer's uncompressed tar, in bytes. */
interface Part {
  readonly layerIndex: number;
  readonly offset: number;
  readonly size: number;
}

function partOf({ layersBaseFirst }: ContentSource, { layerIndex, entryNumber }: EntryAt): Part {
  const index = layersBaseFirst[layerIndex]?.index;
  if (!index) throw new RangeError(`the chain has no layer ${layerIndex}`);
  const offset = index.contentOffsetAt(entryNumber);
  return { layerIndex, offset, size: index.sizeAt(entryNumber) };
}

function compareParts(a: Part | undefined, b: Part | undefined): number {
  if (!a || !b) return 0;
  return a.layerIndex - b.layerIndex || a.offset - b.offset;
}

async function readInOrder(
  source: ContentSource,
  parts: readonly Part[],
  sink: ContentSink,
  signal: AbortSignal | undefined,
): Promise<void> {
  const layers = Map.groupBy(parts.entries(), ([, part]) => part.layerIndex);
  for (const [layerIndex, members] of layers) {
    await readLayerParts(source, layerIndex, { members, sink, signal });
  }
}

interface LayerParts {
  /** Sorted by offset, with the position that `sink` is told. */
  readonly members: readonly (readonly [position: number, part: Part])[];
  readonly sink: ContentSink;
  readonly signal: AbortSignal | undefined;
}

async function readLayerParts(
  { blobs, layersBaseFirst }: ContentSource,
  layerIndex: number,
  { members, sink, signal }: LayerParts,
): Promise<void> {
  const ref = layersBaseFirst[layerIndex]?.ref;
  if (!ref) throw new RangeError(`the chain has no layer ${layerIndex}`);
  const { descriptor } = ref;
  const tar = decompress(blobs.read(descriptor, signal), descriptor.mediaType, descriptor.digest);
  const reader = createByteReader(tar);
  const read = async function* (count: number): Bytes {
    for (let left = count; left > 0;) {
      throwIfCancelled(signal);
      const chunk = await reader.takeSome(left);
      if (!chunk) throw layerFault(descriptor.digest)('it ends before its content', reader.offset);
      left -= chunk.byteLength;
      yield chunk;
    }
  };
  try {
    for (const [position, part] of members) {
      await drain(read(part.offset - reader.offset));
      await sink(position, read(part.size));
    }
    // To the end: only then has the store checked the digest.
    while (await reader.takeSome(Number.MAX_SAFE_INTEGER)) throwIfCancelled(signal);
  } finally {
    await reader.close();
  }
}

interface Spooling {
  readonly sink: ContentSink;
  readonly spool: FileHandle;
  readonly path: string;
  readonly signal: AbortSignal | undefined;
}

async function readThroughSpool(
  source: ContentSource,
  parts: readonly Part[],
  { sink, spool, path, signal }: Spooling,
): Promise<void> {
  // Two names of one file have one content.
  const distinct = [...new Map(parts.map(part => [partKey(part), part])).values()];
  distinct.sort(compareParts);
  const starts = new Map<string, number>();
  let end = 0;
  const keep: ContentSink = async (position, content) => {
    const part = distinct[position];
    if (part) starts.set(partKey(part), end);
    for await (const chunk of content) {
      const at = end;
      await withFailure('write', path, () => spool.write(chunk, 0, chunk.byteLength, at));
      end += chunk.byteLength;
    }
  };
  await readInOrder(source, distinct, keep, signal);
  for (const [position, part] of parts.entries()) {
    await sink(position, spooled(spool, starts.get(partKey(part)) ?? 0, part.size));
  }
}

function partKey({ layerIndex, offset, size }: Part): string {
  return `${layerIndex}:${offset}:${size}`;
}

async function* spooled(spool: FileHandle, start: number, size: number): Bytes {
  const buffer = Buffer.allocUnsafe(Math.min(size, 256 * 1024));
  for (let done = 0; done < size;) {
    const { bytesRead } = await spool.read(
      buffer,
      0,
      Math.min(buffer.byteLength, size - done),
      start + done,
    );
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function drain(bytes: Bytes): Promise<void> {
  for await (const _ of bytes) {
    // What lies between two wanted contents.
  }
}
