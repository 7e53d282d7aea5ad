import { join } from 'node:path';
import { digestHex, type Digest } from '../../../shared/oci/digest.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { createSharedWork } from '../content/shared-work.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { readIndexFile, writeIndexFile } from './index-file.ts';
import type { IndexOptions, LayerRef } from './index-layer.ts';
import type { IndexTap } from './indexing/index-tap.ts';
import { passWhileIndexing } from './indexing/pass-while-indexing.ts';
import { createIndexingPool, type IndexingPool } from './indexing/worker-pool.ts';
import { layerIndexOf, openIndex, type IndexData, type LayerIndex } from './layer-index.ts';

/** The indexes of layers, made once and kept on disk. */
export interface LayerIndexes extends IndexTap {
  /** Fails with `blob-missing`, `layer-malformed`, `diff-id-mismatch` or `worker-died`. */
  get(layer: LayerRef, options?: IndexOptions): Promise<LayerIndex>;
  /** What is on disk already, without reading the layer. */
  peek(diffId: Digest): Promise<LayerIndex | undefined>;
  /** Keeps an index that was made while its layer was written. */
  keep(data: IndexData): Promise<void>;
}

/** Where layers are read. */
export interface LayerBlobs extends BlobReader {
  /** The file that holds a blob, where each blob is one: a worker reads that itself. */
  path?(digest: Digest): string;
}

/** One pool for the process: the machine has no more cores when several stores are open. */
const commonPool = createIndexingPool();

/**
 * Indexes of layers whose blobs `blobs` holds, kept in `<storeDir>/layer-index/<hex of the diff ID>`. That
 * folder can be deleted at any time. Layers are read in worker threads.
 */
export function createLayerIndexes(
  storeDir: string,
  blobs: LayerBlobs,
  pool: IndexingPool = commonPool,
): LayerIndexes {
  // Held while someone uses them, so that one index is not loaded twice.
  const loaded = new Map<Digest, WeakRef<LayerIndex>>();
  const pathOf = (diffId: Digest) => join(storeDir, 'layer-index', digestHex(diffId));
  const hold = (index: LayerIndex) => {
    loaded.set(index.diffId, new WeakRef(index));
    return index;
  };
  const peek = async (diffId: Digest) => {
    const held = loaded.get(diffId)?.deref();
    if (held) return held;
    const data = await readIndexFile(pathOf(diffId));
    const index = data && openIndex(data);
    return index?.diffId === diffId ? hold(index) : undefined;
  };
  const keep = async (data: IndexData) => {
    const index = hold(layerIndexOf(data));
    // Without a place to keep it (a full disk, a read-only store) it is just made again next time.
    await writeIndexFile(pathOf(index.diffId), data).catch(() => undefined);
    return index;
  };
  const make = async (layer: LayerRef, options: IndexOptions) =>
    keep(await dataOf(blobs, pool, layer, options));
  const shared = createSharedWork<Digest, LayerIndex>();
  return {
    peek,
    keep: async data => void (await keep(data)),
    async get(layer, options = {}) {
      const known = await peek(layer.diffId);
      if (known) return known;
      return await shared(
        layer.diffId,
        signal => make(layer, { ...options, signal }),
        options.signal,
      );
    },
    async *whilePassing(layer, blob) {
      const known = await peek(layer.diffId);
      if (known) return yield* blob;
      yield* passWhileIndexing(pool, layer, blob, keep);
    },
  };
}

async function dataOf(
  blobs: LayerBlobs,
  pool: IndexingPool,
  layer: LayerRef,
  options: IndexOptions,
): Promise<IndexData> {
  const { descriptor } = layer;
  const path = blobs.path?.(descriptor.digest);
  const read = () => blobs.read(descriptor, options.signal);
  if (path === undefined) return pool.index(read(), layer, options);
  try {
    return await pool.indexFile(path, layer, options);
  } catch (error) {
    throwIfCancelled(options.signal);
    // The diff ID vouches for what is indexed. Where it is wrong, the store tells whether the blob itself is damaged.
    for await (const chunk of read()) void chunk;
    throw error;
  }
}
