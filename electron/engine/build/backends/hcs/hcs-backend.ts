import type { BackendChoice, BuildEventBody } from '../../../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../../../shared/ipc/build-request.ts';
import type { Store } from '../../../content/store.ts';
import type { StepDeps } from '../../steps/file-step.ts';
import type { Backend } from '../backend.ts';
import { mountSources } from './mounts/mount-sources.ts';
import { secretReader } from './mounts/secrets.ts';
import { runInputs } from './run-inputs.ts';
import { runStep } from './run-step.ts';
import { createScratchRegister, type ScratchRegister } from './scratch/scratch-register.ts';
import { sweepScratches } from './scratch/sweep.ts';
import type { HcsEngine, HcsSupport } from './support.ts';

/** What the hcs backend needs for one build. */
export interface HcsBackendDeps extends StepDeps {
  readonly request: BuildRequest;
  readonly store: Store;
  readonly buildId: string;
  /** For the values of secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly filesDir?: string;
  readonly emit: (event: KeptEvent) => void;
}
type KeptEvent = Extract<BuildEventBody, { kind: 'step-kept' }>;

const isolationNames = { process: 'process', hyperv: 'Hyper-V' } as const;

/**
 * The backend that runs programs in containers of this Windows host. Nothing is loaded before a program has to run;
 * then what a crash of an earlier build left is swept first.
 */
export function createHcsBackend(
  choice: BackendChoice,
  support: HcsSupport,
  deps: HcsBackendDeps,
): Backend {
  const { environment, request } = deps;
  const readSecret = secretReader(request.run.secrets, environment);
  const register = createScratchRegister(deps.store.dir);
  let opened: Promise<HcsEngine> | undefined;
  const ready = async (): Promise<HcsEngine> => await (opened ??= openEngine(support, register));
  return {
    choice,
    async run(step, input, place, signal) {
      const { report } = place;
      const sources = await report.timed('resolve', () => mountSources(step, deps, signal));
      const inputs = runInputs({ step, input, sources, compression: deps.compression });
      const { outcome: known, story } = await place.cache.find(inputs, signal);
      if (known) return { outcome: 'cached', ...known, story };
      const { isolation, reason } = support.isolation(input.platform, request.run.isolation);
      report.note(`Runs with ${isolationNames[isolation]} isolation: ${reason}`);
      const context = { ...deps, ...(await ready()), register, readSecret, isolation };
      const layer = await runStep({ step, input, sources, place }, context, signal);
      const outcome = layer ? { layer } : {};
      place.cache.keep(inputs, outcome);
      return { outcome: 'ran', ...outcome, story };
    },
  };
}

async function openEngine(support: HcsSupport, register: ScratchRegister): Promise<HcsEngine> {
  const engine = support.open();
  engine.host.enablePrivileges();
  await sweepScratches(register, engine);
  return engine;
}
