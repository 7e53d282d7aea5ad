import type { LogLine } from '../../../shared/ipc/build-views.ts';
import type { LogPages } from './log-pages.ts';

/** As many lines as a clipboard takes without harm. */
export const mostCopied = 100_000;

/** A line of a step, or of the build, read where it is not at hand. */
export async function lineNow(
  pages: LogPages,
  stepId: string | undefined,
  index: number,
): Promise<LogLine | undefined> {
  const atHand = pages.peek(stepId, index);
  if (atHand !== undefined) return atHand;
  await pages.load(stepId, index);
  return pages.peek(stepId, index);
}
