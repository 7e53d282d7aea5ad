import type { StepState, StepView } from '../../../renderer/stores/build-view.ts';

/** A step as the window knows it, with its number as line of the Dockerfile. */
export function stepView(stepId: string, state: StepState, part: Partial<StepView> = {}): StepView {
  const [stage = 0, line = 0] = stepId.split('.').map(Number);
  const start = { line, character: 0 };
  return {
    stepId,
    stage,
    keyword: 'RUN',
    text: `RUN step ${stepId}`,
    range: { start, end: start },
    state,
    warnings: [],
    ...part,
  };
}
