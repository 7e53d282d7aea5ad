import type { BuildEventBody } from '../../shared/ipc/build-events.ts';
import { linesToExplain } from '../../shared/windows/error-help/explain-failure.ts';

/** Remembers the last lines that each running step wrote; those of the failed one tell why. */
export interface LogTails {
  add(event: BuildEventBody): void;
  ofFailedStep(): readonly string[];
}

export function createLogTails(): LogTails {
  const tails = new Map<string, readonly string[]>();
  let failed: readonly string[] = [];
  return {
    add(event) {
      if (event.kind === 'step-output') {
        const lines = [...(tails.get(event.stepId) ?? []), ...event.lines.slice(-linesToExplain)];
        tails.set(event.stepId, lines.slice(-linesToExplain));
      } else if (event.kind === 'step-finished') tails.delete(event.stepId);
      else if (event.kind === 'step-failed') failed = tails.get(event.stepId) ?? [];
    },
    ofFailedStep: () => failed,
  };
}
