import { throwIfCancelled } from '../../content/cancel.ts';
import type { LayerDescriptor } from '../../win32/layer-parameters.ts';
import type { ScratchLayer } from '../host.ts';
import { inTurn } from '../in-turn.ts';
import type { ScratchVerbs } from './scratch-verbs.ts';

interface Scratch {
  readonly dir: string;
  readonly parents: readonly LayerDescriptor[];
  readonly verbs: ScratchVerbs;
}

/** A scratch whose folder was created, or is about to be; `mount` attaches it. */
export interface MountableScratch extends ScratchLayer {
  mount(signal?: AbortSignal): Promise<void>;
}

/** How far a scratch is set up: a folder with a disk, the disk attached, the filter over it; or given away. */
type State = 'created' | 'activated' | 'prepared' | 'gone';

export function scratchLayerOf({ dir, parents, verbs }: Scratch): MountableScratch {
  let state: State = 'created';
  let volumePath = '';
  let releasing: Promise<void> | undefined;
  const mount = async (signal?: AbortSignal) => {
    await verbs.mount(dir, parents, signal);
    state = 'prepared';
    volumePath = await verbs.volumePath(dir);
    throwIfCancelled(signal);
  };
  const unprepare = async () => {
    if (state !== 'prepared') return;
    await verbs.unprepare(dir);
    state = 'activated';
  };
  const deactivate = async () => {
    if (state !== 'activated') return;
    await verbs.deactivate(dir);
    state = 'created';
  };
  return {
    dir,
    get volumePath() {
      return volumePath;
    },
    mount,
    async unprepare() {
      // The disk of a utility VM is attached here first, as docker does before it exports the changes.
      if (state === 'created') await mount();
      await unprepare();
    },
    async prepare() {
      if (state !== 'activated') return;
      await verbs.prepare(dir, parents);
      state = 'prepared';
    },
    async detach() {
      await inTurn([unprepare, deactivate]);
      state = 'gone';
    },
    async release() {
      if (state === 'gone') return;
      // Who asks again meanwhile waits for the same; who asks after a failure tries again.
      releasing ??= inTurn([unprepare, takeOff, destroy]).finally(() => {
        releasing = undefined;
      });
      await releasing;
    },
  };

  async function destroy(): Promise<void> {
    await verbs.destroy(dir);
    state = 'gone';
  }

  /** A filter that will not come off must not keep the disk attached. */
  async function takeOff(): Promise<void> {
    if (state === 'prepared') state = 'activated';
    await deactivate();
  }
}
