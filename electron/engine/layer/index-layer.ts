import { createHash, hash, type Hash } from 'node:crypto';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { decompress } from './decompress.ts';
import type { LayerEntry } from './entry.ts';
import { createIndexBuilder, type IndexBuilder } from './index-builder.ts';
import type { IndexData } from './layer-index.ts';
import { createLayerParser, type LayerSink } from './layer-reader.ts';

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
  const whole = createHash('sha256');
  const indexing = createIndexingSink();
  const parser = createLayerParser({ digest, ...options }, indexing);
  let uncompressedSize = 0;
  for await (const chunk of decompress(blob, mediaType, digest)) {
    throwIfCancelled(options.signal);
    whole.update(chunk);
    parser.push(chunk);
    uncompressedSize += chunk.byteLength;
    options.onProgress?.(uncompressedSize);
  }
  parser.end();
  const diffId = sha256Digest(whole.digest('hex'));
  if (diffId !== layer.diffId) {
    throw new AppError({
      code: 'diff-id-mismatch',
      digest,
      expected: layer.diffId,
      actual: diffId,
    });
  }
  return indexing.finish({ diffId, uncompressedSize });
}

/** Indexes entries as they come, each when its content has passed. */
function createIndexingSink(): LayerSink & Pick<IndexBuilder, 'finish'> {
  const builder = createIndexBuilder();
  let last: { readonly entry: LayerEntry; readonly contentOffset: number } | undefined;
  let contentHash: Uint8Array | undefined;
  let running: Hash | undefined;
  const flush = () => {
    if (last) builder.add(last.entry, last.contentOffset, running?.digest() ?? contentHash);
  };
  return {
    entry(entry, contentOffset) {
      flush();
      last = { entry, contentOffset };
      running = undefined;
      contentHash = 'size' in entry ? emptyHash : undefined;
    },
    content(chunk) {
      const isWhole = last && 'size' in last.entry && last.entry.size === chunk.byteLength;
      // Most files lie in one chunk, and one call costs a fraction of three.
      if (isWhole === true) contentHash = sha256(chunk);
      else (running ??= createHash('sha256')).update(chunk);
    },
    finish(facts) {
      flush();
      return builder.finish(facts);
    },
  };
}

function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

const emptyHash = sha256(new Uint8Array());
