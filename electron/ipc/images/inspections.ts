import type { PlannedStep } from '../../../shared/ipc/build-events.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Store } from '../../engine/content/store.ts';
import type { BuildRecord } from '../../engine/inspect/image-facts.ts';
import { createInspection, type Inspection } from '../../engine/inspect/inspection.ts';
import { openLayers, type LayerAccess } from '../../engine/inspect/open-layers.ts';
import { basesInStore } from '../../engine/inspect/programs/store-bases.ts';
import type { KnownBase } from '../../engine/inspect/programs/image-programs.ts';
import { imageProvenance } from '../../engine/state/layer-provenance.ts';
import type { State } from '../../engine/state/state.ts';
import type { EventSink } from '../event-hub.ts';
import { findImage } from './image-detail.ts';

/** Inspections that stay open, by manifest: the one that is looked at, and the one before. */
const keptInspections = 2;

/** Inspections of the store's images. */
export interface Inspections extends AsyncDisposable {
  /** Throws `image-missing`, or what reading a layer throws. Layers are indexed once, which may take a while. */
  open(reference: string, signal?: AbortSignal): Promise<Inspection>;
  /** The base images of the store for an architecture. */
  bases(architecture: string, signal?: AbortSignal): Promise<readonly KnownBase[]>;
}

export interface InspectionParts {
  readonly store: Store;
  readonly state: State;
  readonly access: LayerAccess;
  readonly events: EventSink;
}

export function createInspections({ store, state, access, events }: InspectionParts): Inspections {
  const kept = new Map<Digest, Promise<Inspection>>();

  async function make(reference: string, signal: AbortSignal | undefined): Promise<Inspection> {
    const stored = await findImage(store, reference, signal);
    const task = `inspect ${stored.descriptor.digest}`;
    const tell = (current: number, done: boolean): void =>
      events.emit('task.progress', {
        task,
        label: 'Reading the layers',
        current,
        unit: 'bytes',
        done,
      });
    const image = await openLayers(access, stored.layersBaseFirst, {
      onProgress: bytes => tell(bytes, false),
      ...(signal === undefined ? {} : { signal }),
    }).finally(() => tell(0, true));
    return createInspection(stored, image, await buildRecord(state, stored.descriptor.digest));
  }
  return {
    async open(reference, signal) {
      const { descriptor } = await findImage(store, reference, signal);
      const open = kept.get(descriptor.digest);
      if (open !== undefined) return await open;
      const making = make(reference, signal);
      kept.set(descriptor.digest, making);
      making.catch(() => kept.delete(descriptor.digest));
      const [oldest] = kept.keys();
      if (kept.size > keptInspections && oldest !== undefined) {
        const closing = kept.get(oldest);
        kept.delete(oldest);
        await closing?.then(each => each[Symbol.asyncDispose]()).catch(() => undefined);
      }
      return await making;
    },
    bases: async (architecture, signal) => await basesInStore(store, access, architecture, signal),
    async [Symbol.asyncDispose]() {
      for (const open of kept.values()) {
        await open.then(each => each[Symbol.asyncDispose]()).catch(() => undefined);
      }
      kept.clear();
    },
  };
}

async function buildRecord(state: State, manifestDigest: Digest): Promise<BuildRecord | undefined> {
  const provenance = await imageProvenance(state, manifestDigest);
  if (!provenance) return undefined;
  return {
    stepOfLayer: new Map([...provenance.steps].map(([diffId, step]) => [diffId, recorded(step)])),
    steps: provenance.plannedSteps.map(recorded),
  };
}

function recorded({ keyword, text, range }: PlannedStep) {
  return { keyword, text, line: range.start.line };
}
