import { AppError } from '../../../shared/failure.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Store } from '../../engine/content/store.ts';
import { inspectChain, type ChainInspector } from '../../engine/inspect/chain-inspector.ts';
import type { LayerIndex } from '../../engine/layer/layer-index.ts';
import type { LayerIndexes } from '../../engine/layer/layer-indexes.ts';
import type { EventSink } from '../event-hub.ts';
import { findImage } from './image-detail.ts';

/** Chains that stay open, by manifest: the one that is looked at, and one to compare it with. */
const keptChains = 2;

/** Opens the layers of an image for looking into. */
export interface Chains {
  /** Throws `image-missing`, or what reading a layer throws. Layers are indexed once, which may take a while. */
  open(reference: string, signal?: AbortSignal): Promise<ChainInspector>;
}

export function createChains(store: Store, indexes: LayerIndexes, events: EventSink): Chains {
  const kept = new Map<Digest, ChainInspector>();
  return {
    async open(reference, signal) {
      const { descriptor, layersBaseFirst } = await findImage(store, reference, signal);
      const open = kept.get(descriptor.digest);
      if (open !== undefined) return open;
      const layers: LayerIndex[] = [];
      for (const layer of layersBaseFirst) {
        const task = `index ${layer.diffId}`;
        const tell = (current: number, done: boolean): void =>
          events.emit('task.progress', {
            task,
            label: 'Reading a layer',
            current,
            unit: 'bytes',
            done,
          });
        layers.push(
          await indexes.get(layer, {
            onProgress: bytes => tell(bytes, false),
            ...(signal === undefined ? {} : { signal }),
          }),
        );
        tell(layer.descriptor.size, true);
      }
      // Requests come in groups: another one may have opened the chain while this one waited.
      const chain = kept.get(descriptor.digest) ?? inspectChain(layers);
      kept.set(descriptor.digest, chain);
      const [oldest] = kept.keys();
      if (kept.size > keptChains && oldest !== undefined) kept.delete(oldest);
      return chain;
    },
  };
}

/** A layer beyond the chain is the asker's mistake. */
export function checkLayer(chain: ChainInspector, layerIndex: number): void {
  try {
    chain.tree(layerIndex);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError(
      { code: 'bad-request', field: 'layerIndex', problem: error.message },
      { cause: error },
    );
  }
}
