import type { Bytes } from '../../content/bytes.ts';
import type { LayerRef } from '../index-layer.ts';

/** Makes the index of a layer out of its bytes while they pass on their way to somewhere else. */
export interface IndexTap {
  /**
   * Passes `blob`, the compressed bytes of `layer` from the first to the last, on unchanged, and has them indexed in a
   * worker as they pass. When the last one has passed and the diff ID was right, the index is kept, so that the
   * layer opens at once. The reader never fails, and hardly waits, because of the index: where indexing fails, or the
   * layer is indexed already, the bytes just pass. Nothing is kept of a stream that is abandoned or fails.
   *
   * Use it where a whole blob streams: `store.blobs.write(descriptor, tap.whilePassing(layer, bytes), signal)`.
   * A resumed download must not be tapped (its first bytes are missing); the layer is then indexed when opened.
   */
  whilePassing(layer: LayerRef, blob: Bytes): Bytes;
}
