import type { RunStep } from '../../../../shared/dockerfile/resolved-step.ts';
import type { BackendChoice } from '../../../../shared/ipc/build-events.ts';
import type { StepInput, StepPlace, StepResult } from '../steps/step.ts';

/**
 * What a build leaves to its backend: running programs. Layers of COPY, ADD and WORKDIR are written by the same code on
 * all of them, so they are the same everywhere.
 */
export interface Backend {
  readonly choice: BackendChoice;
  /** Runs a program in the image so far, and gives the layer of what it changed. After a failure nothing is left. */
  run(step: RunStep, input: StepInput, place: StepPlace, signal?: AbortSignal): Promise<StepResult>;
}
