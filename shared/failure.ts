import type { SourceRange } from './source-range.ts';

/** Every way in which the app can fail. Plain data, so that it crosses IPC unharmed. */
export type Failure =
  | { readonly code: 'cancelled' }
  | { readonly code: 'bug'; readonly message: string; readonly stack?: string }
  | { readonly code: 'bad-request'; readonly field: string; readonly problem: string }
  | { readonly code: 'file-system'; readonly path: string; readonly operation: string; readonly errno: string }
  | { readonly code: 'disk-full'; readonly path: string }
  | {
      readonly code: 'dockerfile-invalid';
      readonly file: string;
      readonly problems: readonly { readonly range: SourceRange; readonly message: string }[];
    }
  | {
      readonly code: 'step-failed';
      readonly file: string;
      readonly range: SourceRange;
      readonly message: string;
      readonly advice?: string;
    };

/** What a person is told: what happened, and what to do about it. */
export interface Explanation {
  readonly message: string;
  readonly advice?: string;
}

/** Words a failure. The only place with wording; exhaustive on purpose. */
export function explain(failure: Failure): Explanation {
  switch (failure.code) {
    case 'cancelled':
      return { message: 'Cancelled.' };
    case 'bug':
      return {
        message: `Something went wrong inside Layerwright: ${failure.message}`,
        advice: 'This is a bug. Please report it with the log of this action.',
      };
    case 'bad-request':
      return { message: `${failure.field}: ${failure.problem}` };
    case 'file-system':
      return { message: `Cannot ${failure.operation} ${failure.path} (${failure.errno}).` };
    case 'disk-full':
      return {
        message: `The disk is full: ${failure.path} could not be written.`,
        advice: 'Free some space, or choose a store on another disk with LAYERWRIGHT_STORE.',
      };
    case 'dockerfile-invalid':
      return { message: failure.problems.map(p => placed(failure.file, p.range, p.message)).join('\n') };
    case 'step-failed':
      return {
        message: placed(failure.file, failure.range, failure.message),
        ...(failure.advice === undefined ? {} : { advice: failure.advice }),
      };
  }
}

function placed(file: string, range: SourceRange, message: string): string {
  return `${file}:${range.start.line + 1}:${range.start.character + 1}: ${message}`;
}

/** A foreseen failure. Anything else that is thrown is a bug. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(explain(failure).message, options);
    this.failure = failure;
  }
}

/** Turns whatever was thrown into a failure. What we did not foresee is a bug, and is reported as one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return error.failure;
  if (!(error instanceof Error)) return { code: 'bug', message: String(error) };
  if (error.name === 'AbortError') return { code: 'cancelled' };
  return { code: 'bug', message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}
