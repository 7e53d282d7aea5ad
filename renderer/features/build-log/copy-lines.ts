import type { LogLine } from '../../../shared/ipc/build-views.ts';
import { plainText } from './ansi.ts';
import type { LogPages } from './log-pages.ts';

/** As many lines as a clipboard takes without harm. */
export const mostCopied = 100_000;

/** The text of lines `from` to before `to` of a step, or of the build, as they are shown. */
export async function textOfLines(
  pages: LogPages,
  stepId: string | undefined,
  from: number,
  to: number,
): Promise<string> {
  const texts: string[] = [];
  const end = Math.min(to, from + mostCopied);
  for (let index = from; index < end; index += 1) {
    const line = await lineNow(pages, stepId, index);
    if (line !== undefined) texts.push(plainText(line.text));
  }
  return texts.join('\n');
}

/** A line, read where it is not at hand. */
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
