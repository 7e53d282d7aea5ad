import { AppError, explain } from '../../../shared/failure.ts';

/** What is wrong, in words, where that was foreseen. All else, and `cancelled`, is thrown again. */
export function problemOf(error: unknown): string {
  if (!(error instanceof AppError) || error.failure.code === 'cancelled') throw error;
  return explain(error.failure).message;
}
