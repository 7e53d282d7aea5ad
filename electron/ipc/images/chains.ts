import { AppError } from '../../../shared/failure.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Store } from '../../engine/content/store.ts';
import { inspectChain, type ChainInspector } from '../../engine/inspect/chain-inspector.ts';
import type { ReadableChain } from '../../engine/inspect/preview/file-content.ts';
import type { IndexedLayer, LayerContents } from '../../engine/layer/layer-contents.ts';
import type { LayerIndexes } from '../../engine/layer/layer-indexes.ts';
import type { EventSink } from '../event-hub.ts';
import { findImage } from './image-detail.ts';

/** Chains that stay open, by manifest: the one that is looked at, and one to compare it with. */
const keptChains = 2;

/** A chain that can be asked and read. */
export interface OpenChain extends ReadableChain {
  readonly inspector: ChainInspector;
}

/** Opens the layers of an image for looking into. */
export interface Chains {
  /** Throws `image-missing`, or what reading a layer throws. Layers are indexed once, which may take a while. */
  open(reference: string, signal?: AbortSignal): Promise<OpenChain>;
}

interface ChainParts {
  readonly store: Store;
  readonly indexes: LayerIndexes;
  readonly contents: LayerContents;
  readonly events: EventSink;
}

export function createChains({ store, indexes, contents, events }: ChainParts): Chains {
  const kept = new Map<Digest, OpenChain>();
  return {
    async open(reference, signal) {
      const { descriptor, layersBaseFirst } = await findImage(store, reference, signal);
      const open = kept.get(descriptor.digest);
      if (open !== undefined) return open;
      const layers: IndexedLayer[] = [];
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
        const index = await indexes.get(layer, {
          onProgress: bytes => tell(bytes, false),
          ...(signal === undefined ? {} : { signal }),
        });
        layers.push({ ref: layer, index });
        tell(layer.descriptor.size, true);
      }
      // Requests come in groups: another one may have opened the chain while this one waited.
      const chain = kept.get(descriptor.digest) ?? {
        inspector: inspectChain(layers.map(({ index }) => index)),
        layersBaseFirst: layers,
        contents,
      };
      kept.set(descriptor.digest, chain);
      const [oldest] = kept.keys();
      if (kept.size > keptChains && oldest !== undefined) kept.delete(oldest);
      return chain;
    },
  };
}

/** A layer beyond the chain is the asker's mistake. */
export function checkLayer({ layersBaseFirst }: OpenChain, layerIndex: number): void {
  if (layerIndex < layersBaseFirst.length) return;
  const problem = `the chain has no layer ${layerIndex}`;
  throw new AppError({ code: 'bad-request', field: 'layerIndex', problem });
}
