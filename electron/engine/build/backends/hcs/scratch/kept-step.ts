import { containerEnv } from '../container-env.ts';
import type { RunContext, RunWork } from '../run-work.ts';
import type { KeptStep } from './scratch-register.ts';

/** The name of a step's scratch. The GUID of the layer is made of it, so it is unique. */
export function scratchName(buildId: string, stepId: string): string {
  return `${buildId}-${stepId}`.replaceAll(/[^\w-]/gu, '-');
}

/** What it takes to go on in a scratch: all that its RUN had, but for mounts and secrets. */
export function keptStepOf(
  { step, input, place }: RunWork,
  { buildId, isolation, request }: RunContext,
): KeptStep {
  return {
    buildId,
    stepId: place.stepId,
    text: place.text,
    keptAt: Date.now(),
    layersBaseFirst: input.layersBaseFirst.map(({ descriptor, diffId }) => ({
      descriptor,
      diffId,
    })),
    isolation,
    network: networkOf(step.network, request.run.network),
    workingDir: step.workingDir,
    user: step.user,
    env: containerEnv(step.env, step.proxyEnv),
  };
}

/** `none` where the RUN or the build says so; else `default`, or the name of a network. */
export function networkOf(ofStep: string, ofBuild: string): string {
  return ofStep === 'none' ? 'none' : ofBuild;
}
