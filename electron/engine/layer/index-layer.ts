import { createHash, type Hash } from 'node:crypto';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import type { Bytes } from '../content/bytes.ts';
import { decompress } from './decompress.ts';
import { createIndexBuilder } from './index-builder.ts';
import type { IndexData } from './layer-index.ts';
import { readLayer, type ReadEntry } from './layer-reader.ts';

/** A layer as an image names it. */
export interface LayerRef {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
}

/** What a hostile layer may take at most. */
export interface IndexLimits {
  /** Bytes of uncompressed tar. */
  readonly maxBytes?: number;
  readonly maxEntries?: number;
}

/** Limits, and who wants to know how far the work is. */
export interface IndexOptions extends IndexLimits {
  /** Called now and then with the bytes of uncompressed tar read so far. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads a layer's blob once: inflates it, checks its diff ID, and lists what is in it. Fails with
 * `layer-malformed` or `diff-id-mismatch`.
 */
export async function indexLayer(
  blob: Bytes,
  layer: LayerRef,
  options: IndexOptions = {},
): Promise<IndexData> {
  const { digest, mediaType } = layer.descriptor;
  const seen = { hash: createHash('sha256'), size: 0 };
  const tar = watched(decompress(blob, mediaType, digest), seen, options.onProgress);
  const builder = createIndexBuilder();
  for await (const read of readLayer(tar, { digest, ...options })) {
    builder.add(read.entry, read.contentOffset, await contentHash(read));
  }
  const actual = sha256Digest(seen.hash.digest('hex'));
  if (actual !== layer.diffId) {
    throw new AppError({ code: 'diff-id-mismatch', digest, expected: layer.diffId, actual });
  }
  return builder.finish({ diffId: actual, uncompressedSize: seen.size });
}

async function contentHash({ entry, content }: ReadEntry): Promise<Uint8Array | undefined> {
  if (entry.kind !== 'file' && entry.kind !== 'stream') return undefined;
  const hash = createHash('sha256');
  for await (const chunk of content()) hash.update(chunk);
  return hash.digest();
}

async function* watched(
  bytes: Bytes,
  seen: { readonly hash: Hash; size: number },
  onProgress: ((bytes: number) => void) | undefined,
): Bytes {
  for await (const chunk of bytes) {
    seen.hash.update(chunk);
    seen.size += chunk.byteLength;
    onProgress?.(seen.size);
    yield chunk;
  }
}
