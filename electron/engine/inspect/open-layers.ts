import type { LayerContents } from '../layer/layer-contents.ts';
import type { IndexOptions, LayerRef } from '../layer/index-layer.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import type { LayerIndexes } from '../layer/layer-indexes.ts';
import { createLayerTree } from '../layer/layer-tree.ts';
import type { InspectedImage } from './inspected-image.ts';

/** What layers are read with. */
export interface LayerAccess {
  readonly indexes: Pick<LayerIndexes, 'get'>;
  readonly contents: LayerContents;
  readonly newScratchPath: () => Promise<string>;
}

/** Indexes the layers of an image where that was not done before, and opens them. */
export async function openLayers(
  { indexes, contents, newScratchPath }: LayerAccess,
  layersBaseFirst: readonly LayerRef[],
  options: Pick<IndexOptions, 'onProgress' | 'signal'> = {},
): Promise<InspectedImage> {
  const layers: { ref: LayerRef; index: LayerIndex }[] = [];
  for (const ref of layersBaseFirst) layers.push({ ref, index: await indexes.get(ref, options) });
  const trees = layers.map((_, top) =>
    createLayerTree(layers.slice(0, top + 1).map(({ index }) => index)),
  );
  return {
    layerCount: layers.length,
    tree(layerIndex) {
      const found = trees[layerIndex];
      if (!found) throw new RangeError(`the image has no layer ${layerIndex}`);
      return found;
    },
    content({ layerIndex, entryNumber }, range, signal) {
      const layer = layers[layerIndex];
      if (!layer) throw new RangeError(`the image has no layer ${layerIndex}`);
      return contents.open(layer, entryNumber, range, signal);
    },
    newScratchPath,
  };
}
