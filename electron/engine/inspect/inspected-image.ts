import type { Bytes } from '../content/bytes.ts';
import type { LayerTree } from '../layer/layer-tree.ts';
import type { EntryAt } from '../layer/tree-node.ts';

/** A stretch of a content, in bytes. */
export interface ContentRange {
  readonly offset: number;
  readonly length: number;
}

/** An image that is looked into: its layers as trees, and the contents of its files. */
export interface InspectedImage {
  readonly layerCount: number;
  /** The cumulative view up to a layer, base first from 0. */
  tree(layerIndex: number): LayerTree;
  /** The content of a file, or a part of it. */
  content(at: EntryAt, range?: ContentRange, signal?: AbortSignal): Bytes;
  /** A free path for a file that lives as long as whoever asks. */
  newScratchPath(): Promise<string>;
}

/** The view of the whole image. Throws RangeError for an image without layers. */
export function topTree(image: InspectedImage): LayerTree {
  return image.tree(image.layerCount - 1);
}
