import type { LayerTotals } from '../../../shared/ipc/image-views.ts';
import type { ChainView } from './layer-view.ts';

/**
 * Counts what a layer holds and changes, from its `layer` view. Changes are counted in files and links; bytes
 * are those of contents, each once however many hard links name it.
 */
export function layerTotals(view: ChainView): LayerTotals {
  const { added, modified, deleted, metadata, held, directories, size } = view.summary(view.root);
  return { added, modified, deleted, metadata, files: held, directories, bytes: size };
}
