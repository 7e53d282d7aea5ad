import type { Digest } from '../../../../../shared/oci/digest.ts';
import type { ImageLayer } from '../../../../../shared/oci/layer-chain.ts';
import type { Store } from '../../../../../electron/engine/content/store.ts';
import { digestOf } from '../../../../../electron/engine/content/verified.ts';
import { encodeEntryHeader } from '../../../../../electron/engine/layer/entry-header.ts';
import { indexLayer } from '../../../../../electron/engine/layer/index-layer.ts';
import { layerIndexOf, type LayerIndex } from '../../../../../electron/engine/layer/layer-index.ts';
import type { LayerIndexes } from '../../../../../electron/engine/layer/layer-indexes.ts';
import { tarPadding } from '../../../../../electron/engine/layer/tar-header.ts';
import type { Planned } from '../../layer/support.ts';

/** The tar of a layer, without the checks of the layer writer. */
export function tarOf(planned: readonly Planned[]): Buffer {
  const parts = planned.flatMap(([entry, content = Buffer.alloc(0)]) => [
    encodeEntryHeader(entry),
    Buffer.from(content),
    Buffer.alloc(tarPadding(content.byteLength)),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** Puts the tar of a layer into a store. */
export async function storeTar(store: Store, tar: Buffer): Promise<ImageLayer> {
  const ingest = await store.blobs.ingest();
  await ingest.write(tar);
  const mediaType = 'application/vnd.oci.image.layer.v1.tar';
  return { descriptor: { mediaType, ...(await ingest.commit()) }, diffId: digestOf(tar) };
}

/** Indexes made in this thread; as those of the product they know a layer by its diff ID. */
export function indexesOf({ blobs }: Pick<Store, 'blobs'>): Pick<LayerIndexes, 'get'> {
  const known = new Map<Digest, LayerIndex>();
  return {
    async get(layer) {
      const { descriptor, diffId } = layer;
      const index =
        known.get(diffId) ?? layerIndexOf(await indexLayer(blobs.read(descriptor), layer));
      known.set(diffId, index);
      return index;
    },
  };
}
