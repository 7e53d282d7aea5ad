import type { BuildEvent, PlannedStep } from '../../../../shared/ipc/build-events.ts';
import type { StepRun } from '../../../../shared/ipc/history-views.ts';

/** Every step that a build planned with what became of it, in the order of the plan. */
export function stepRuns(events: readonly BuildEvent[]): readonly StepRun[] {
  const ends = new Map<string, StepEnd>();
  for (const event of events) {
    if (event.kind === 'step-finished' || event.kind === 'step-failed')
      ends.set(event.stepId, event);
  }
  // Triggers of a base add to the plan, which is then told again.
  const plan = events.findLast(event => event.kind === 'build-planned');
  return (plan?.stages ?? []).flatMap(({ stageName, steps }) =>
    steps.map(step => ({
      ...runOf(step, ends.get(step.stepId)),
      ...(stageName === undefined ? {} : { stageName }),
    })),
  );
}

type StepEnd = Extract<BuildEvent, { kind: 'step-finished' | 'step-failed' }>;

function runOf({ stepId, text }: PlannedStep, end: StepEnd | undefined): StepRun {
  if (end === undefined) return { stepId, text, outcome: 'skipped' };
  if (end.kind === 'step-failed') return { stepId, text, outcome: 'failed' };
  const { cache, durationMs, layer, outcome } = end;
  return {
    stepId,
    text,
    outcome,
    durationMs,
    ...(layer === undefined
      ? {}
      : { layer: { digest: layer.digest, diffId: layer.diffId, bytes: layer.compressedSize } }),
    ...(cache === undefined ? {} : { cache }),
  };
}
