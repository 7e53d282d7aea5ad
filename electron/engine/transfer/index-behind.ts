import { AppError } from '../../../shared/failure.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import type { Bytes } from '../content/bytes.ts';
import { unlessCancelled } from '../content/cancel.ts';
import type { LayerIndexes } from '../layer/layer-indexes.ts';
import type { TellBlob } from './progress.ts';

/** The indexing of a layer while it is downloaded. */
export interface IndexBehind {
  readonly onContent: (content: Bytes) => void;
  /** Waits for the index once the layer is in the store, and makes it where the layer was there before. */
  finish(tell: TellBlob, signal: AbortSignal): Promise<void>;
}

/** Indexes a layer behind its download, from the file that it is written to: so the download never waits for the index. */
export function indexBehind(layer: ImageLayer, indexes: LayerIndexes): IndexBehind {
  let passing: Promise<void> | undefined;
  return {
    onContent(content) {
      // Where that fails, `finish` tries again and tells.
      passing = drain(indexes.whilePassing(layer, content)).catch(() => undefined);
    },
    async finish(tell, signal) {
      tell({ state: 'indexing', current: layer.descriptor.size });
      if (passing !== undefined) await unlessCancelled(passing, signal);
      try {
        await indexes.get(layer, { signal });
      } catch (error) {
        // A layer that cannot be indexed is pulled all the same, unless it is not the one that its image says.
        const tolerable = error instanceof AppError && error.failure.code === 'layer-malformed';
        if (!tolerable) throw error;
      }
    },
  };
}

async function drain(content: Bytes): Promise<void> {
  for await (const chunk of content) void chunk;
}
