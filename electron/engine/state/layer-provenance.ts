import type { PlannedStep } from '../../../shared/ipc/build-events.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { readEvents } from './event-file.ts';
import type { State } from './state.ts';

/** The build on record that made an image, and the step that made each layer of its own, by diff ID. */
export interface ImageProvenance {
  readonly buildId: string;
  readonly dockerfile: string;
  readonly contextDir: string;
  readonly steps: ReadonlyMap<Digest, PlannedStep>;
  /** All steps in order, also those that made no layer. */
  readonly plannedSteps: readonly PlannedStep[];
}

/**
 * Tells which lines of which Dockerfile made the layers of an image; undefined where no build on record
 * made it. Throws AppError `file-system` where the events of that build cannot be read.
 */
export async function imageProvenance(
  state: State,
  manifestDigest: Digest,
): Promise<ImageProvenance | undefined> {
  const build = state.history.findByImage(manifestDigest);
  if (build === undefined) return undefined;
  const { buildId, dockerfile, contextDir } = build;
  const planned = new Map<string, PlannedStep>();
  const steps = new Map<Digest, PlannedStep>();
  const { events } = await readEvents(state.buildDir(buildId), 0, Infinity);
  for (const event of events) {
    if (event.kind === 'build-planned') {
      for (const step of event.stages.flatMap(stage => stage.steps)) planned.set(step.stepId, step);
    }
    const step = event.kind === 'step-finished' ? planned.get(event.stepId) : undefined;
    if (event.kind === 'step-finished' && event.layer && step) steps.set(event.layer.diffId, step);
  }
  const plannedSteps = [...planned.values()];
  return { buildId, dockerfile, contextDir, steps, plannedSteps };
}
