import { AppError } from '../../../../../../shared/failure.ts';
import type { Store } from '../../../../content/store.ts';
import type { HcsEngine, HcsSupport } from '../support.ts';
import { scratchName } from '../scratch/kept-step.ts';
import {
  createScratchRegister,
  type KeptStep,
  type ScratchClaim,
} from '../scratch/scratch-register.ts';
import { openSession, type DebugSession } from './session.ts';

/** The failed steps of a store that were kept. */
export interface KeptSteps {
  /** Newest first. */
  list(): Promise<readonly KeptStep[]>;
  /** Starts a container on the scratch of a step. Fails with `kept-missing` and `kept-busy`, and as the host does. */
  open(buildId: string, signal?: AbortSignal): Promise<DebugSession>;
  /** Removes what was kept of a build. Fails with `kept-missing` and `kept-busy`. */
  drop(buildId: string, signal?: AbortSignal): Promise<void>;
}

/** `support` is asked only by what needs the host. */
export function createKeptSteps(
  store: Pick<Store, 'dir' | 'lock'>,
  support: () => Promise<HcsSupport | undefined>,
): KeptSteps {
  const register = createScratchRegister(store.dir);
  async function find(buildId: string): Promise<KeptStep> {
    const step = (await register.kept()).find(kept => kept.buildId === buildId);
    if (!step) throw new AppError({ code: 'kept-missing', buildId });
    return step;
  }
  async function claim({ buildId, stepId }: KeptStep, signal?: AbortSignal): Promise<ScratchClaim> {
    const claimed = await register.claim(scratchName(buildId, stepId), signal);
    if (!claimed) throw new AppError({ code: 'kept-busy', buildId });
    return claimed;
  }
  async function openEngine(): Promise<HcsEngine> {
    const hcs = await support();
    const problems = hcs?.problems() ?? [{ problem: 'This is not a Windows host.' }];
    if (!hcs || problems.length > 0) throw new AppError({ code: 'hcs-unavailable', problems });
    const engine = hcs.open();
    engine.host.enablePrivileges();
    return engine;
  }
  return {
    list: async () => await register.kept(),
    async open(buildId, signal) {
      const step = await find(buildId);
      const engine = await openEngine();
      await using held = new AsyncDisposableStack();
      // Nobody may collect the layers below as long as the session is open.
      held.use(await store.lock.shared(signal));
      const claimed = held.use(await claim(step, signal));
      const { place } = claimed;
      const session = await openSession(step, place, engine, signal);
      const kept = held.move();
      session.onClose(async () => await kept.disposeAsync());
      return session;
    },
    async drop(buildId, signal) {
      const step = await find(buildId);
      const { host } = await openEngine();
      await using claimed = await claim(step, signal);
      await host.scratches.sweep(claimed.place.dir);
      await claimed.forget();
    },
  };
}
