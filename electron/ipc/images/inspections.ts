import type { PlannedStep } from '../../../shared/ipc/build-events.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { createSharedWork } from '../../engine/content/shared-work.ts';
import type { Store } from '../../engine/content/store.ts';
import type { StoredImage } from '../../engine/image/read-image.ts';
import type { BuildRecord } from '../../engine/inspect/image-facts.ts';
import { createInspection, type Inspection } from '../../engine/inspect/inspection.ts';
import { openLayers, type LayerAccess } from '../../engine/inspect/open-layers.ts';
import { basesInStore } from '../../engine/inspect/programs/store-bases.ts';
import type { KnownBase } from '../../engine/inspect/programs/image-programs.ts';
import { imageProvenance } from '../../engine/state/layer-provenance.ts';
import type { State } from '../../engine/state/state.ts';
import type { EventSink } from '../event-hub.ts';
import { findImage } from './image-detail.ts';

/** Inspections that stay open, by manifest: the one that is looked at, one to compare it with, and the one before. */
const keptInspections = 3;

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
  const kept = new Map<Digest, Inspection>();
  // Requests come in groups, and one that is cancelled must not take the others with it.
  const shared = createSharedWork<Digest, Inspection>();

  async function make(stored: StoredImage, signal: AbortSignal): Promise<Inspection> {
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
      signal,
    }).finally(() => tell(0, true));
    return createInspection(stored, image, await buildRecord(state, stored.descriptor.digest));
  }
  async function keep(digest: Digest, inspection: Inspection): Promise<Inspection> {
    kept.set(digest, inspection);
    const [oldest] = kept;
    if (kept.size > keptInspections && oldest !== undefined) {
      kept.delete(oldest[0]);
      await oldest[1][Symbol.asyncDispose]();
    }
    return inspection;
  }
  return {
    async open(reference, signal) {
      const stored = await findImage(store, reference, signal);
      const { digest } = stored.descriptor;
      const open = kept.get(digest);
      if (open !== undefined) return open;
      return await shared(digest, async own => await keep(digest, await make(stored, own)), signal);
    },
    bases: async (architecture, signal) => await basesInStore(store, access, architecture, signal),
    async [Symbol.asyncDispose]() {
      for (const open of kept.values()) await open[Symbol.asyncDispose]();
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
