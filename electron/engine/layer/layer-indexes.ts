import { join } from 'node:path';
import { digestHex, type Digest } from '../../../shared/oci/digest.ts';
import { createSharedWork } from '../content/shared-work.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { readIndexFile, writeIndexFile } from './index-file.ts';
import { indexLayer, type IndexOptions, type LayerRef } from './index-layer.ts';
import { layerIndexOf, type LayerIndex } from './layer-index.ts';

/** The indexes of layers, made once and kept on disk. */
export interface LayerIndexes {
  /** Fails with `blob-missing`, `layer-malformed` or `diff-id-mismatch`. */
  get(layer: LayerRef, options?: IndexOptions): Promise<LayerIndex>;
  /** What is on disk already, without reading the layer. */
  peek(diffId: Digest): Promise<LayerIndex | undefined>;
}

/**
 * Indexes of layers whose blobs `blobs` holds, kept in `<storeDir>/layer-index/<hex of the diff ID>`. That
 * folder can be deleted at any time.
 */
export function createLayerIndexes(storeDir: string, blobs: BlobReader): LayerIndexes {
  // Held while someone uses them, so that one index is not loaded twice.
  const loaded = new Map<Digest, WeakRef<LayerIndex>>();
  const pathOf = (diffId: Digest) => join(storeDir, 'layer-index', digestHex(diffId));
  const keep = (index: LayerIndex) => {
    loaded.set(index.diffId, new WeakRef(index));
    return index;
  };
  const peek = async (diffId: Digest) => {
    const held = loaded.get(diffId)?.deref();
    if (held) return held;
    const data = await readIndexFile(pathOf(diffId), diffId);
    return data && keep(layerIndexOf(data));
  };
  const make = async (layer: LayerRef, options: IndexOptions) => {
    const blob = blobs.read(layer.descriptor, options.signal);
    const data = await indexLayer(blob, layer, options);
    // Without a place to keep it (a full disk, a read-only store) it is just made again next time.
    await writeIndexFile(pathOf(layer.diffId), data).catch(() => undefined);
    return keep(layerIndexOf(data));
  };
  const shared = createSharedWork<Digest, LayerIndex>();
  return {
    peek,
    async get(layer, options = {}) {
      const known = await peek(layer.diffId);
      if (known) return known;
      return await shared(
        layer.diffId,
        signal => make(layer, { ...options, signal }),
        options.signal,
      );
    },
  };
}
