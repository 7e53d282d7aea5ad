import { explain, failureOf } from '../../../../../shared/failure.ts';
import type { StepReport } from '../../event-stream.ts';

/** What a step holds on to outside of this process, let go in the opposite order. */
export interface Releases extends AsyncDisposable {
  /** `what` names it in the note about a release that failed. */
  add(what: string, release: () => Promise<void>): void;
}

/** A release that fails keeps no other from being tried, and hides no failure of the step: `onProblem` is told. */
export function createReleases(onProblem: (what: string, error: unknown) => void): Releases {
  const held: { readonly what: string; readonly release: () => Promise<void> }[] = [];
  return {
    add: (what, release) => void held.push({ what, release }),
    async [Symbol.asyncDispose]() {
      for (let last = held.pop(); last; last = held.pop()) {
        const { what, release } = last;
        await release().catch((error: unknown) => onProblem(what, error));
      }
    },
  };
}

/** Says in the log of a step that something could not be let go. */
export function tellIn(report: Pick<StepReport, 'note'>) {
  return (what: string, error: unknown): void => {
    const { message } = explain(failureOf(error));
    report.note(`Could not let go of ${what}: ${message} The next build tries again.`);
  };
}
