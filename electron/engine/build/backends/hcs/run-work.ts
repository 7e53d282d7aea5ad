import type { RunStep } from '../../../../../shared/dockerfile/resolved-step.ts';
import type { Isolation } from '../../../../../shared/windows/isolation.ts';
import type { LayerChain } from '../../../hcs/chain/chain.ts';
import type { ScratchLayer } from '../../../hcs/host.ts';
import type { StepInput, StepPlace } from '../../steps/step.ts';
import type { HcsBackendDeps } from './hcs-backend.ts';
import type { MountSource } from './mounts/mount-sources.ts';
import type { ReadSecret } from './mounts/secrets.ts';
import type { ScratchClaim, ScratchRegister } from './scratch/scratch-register.ts';
import type { HcsEngine } from './support.ts';

/** One RUN, with all that is known before it runs. */
export interface RunWork {
  readonly step: RunStep;
  readonly input: StepInput;
  readonly sources: readonly MountSource[];
  readonly place: StepPlace;
}

/** What a RUN is run with. */
export interface RunContext extends HcsBackendDeps, HcsEngine {
  readonly register: ScratchRegister;
  readonly readSecret: ReadSecret;
  readonly isolation: Isolation;
}

/** A scratch over the layers so far. */
export interface OpenedScratch {
  readonly claim: ScratchClaim;
  readonly scratch: ScratchLayer;
  readonly chain: LayerChain;
}
