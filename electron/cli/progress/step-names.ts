import type { PlannedStage, PlannedStep } from '../../../shared/ipc/build-events.ts';

/** A step with what it is called: `[build 2/5] COPY . /src`. */
export interface NamedStep {
  readonly step: PlannedStep;
  readonly label: string;
}

/** Names the steps of a plan by their id. Stages without a name are `stage-N`; the only one needs no name. */
export function namedSteps(stages: readonly PlannedStage[]): ReadonlyMap<string, NamedStep> {
  const names = new Map<string, NamedStep>();
  for (const { stage, stageName, steps } of stages) {
    const isPlain = stages.length === 1 && stageName === undefined;
    const prefix = isPlain ? '' : `${stageName ?? `stage-${stage}`} `;
    for (const [position, step] of steps.entries()) {
      const place = `${prefix}${position + 1}/${steps.length}`;
      names.set(step.stepId, { step, label: `[${place}] ${firstLine(step.text)}` });
    }
  }
  return names;
}

/** A heredoc is told by its first line, and joined continuation lines without their indentation. */
function firstLine(text: string): string {
  const [first = '', ...more] = text.split('\n');
  return first.replace(/ {2,}/g, ' ') + (more.length === 0 ? '' : ' …');
}
