import { explain, type Failure } from '../../shared/failure.ts';
import type { SourceRange } from '../../shared/source-range.ts';

/** A place in a Dockerfile that a failure blames. */
export interface FailurePlace {
  readonly range: SourceRange;
  /** What is wrong there, without saying where. */
  readonly message: string;
}

/** The places in the Dockerfile that a failure names, in its own order; none where it is about something else. */
export function placesOf(failure: Failure): readonly FailurePlace[] {
  switch (failure.code) {
    case 'dockerfile-invalid':
      return failure.problems;
    case 'run-needs-windows':
    case 'step-failed':
      return [{ range: failure.range, message: withoutPlace(explain(failure).message) }];
    default:
      return [];
  }
}

/** `file:line:character: ` goes away, where the text is shown at that place. */
export function withoutPlace(message: string): string {
  return message.replace(/^.*?:\d+:\d+: /, '');
}
