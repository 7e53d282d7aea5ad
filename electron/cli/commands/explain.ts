import {
  explainError,
  type ErrorExplanation,
} from '../../../shared/windows/error-help/explain-error.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { explanationLines } from '../explanation-lines.ts';

export interface ExplainFlags {
  readonly json?: boolean;
}

/** `layerwright explain`: what an error of Windows containers means. Exit code 1 where nothing is known about it. */
export async function explain(
  { terminal, readInput }: CommandContext,
  words: readonly string[],
  { json = false }: ExplainFlags,
): Promise<number> {
  const text = words.length === 0 || words.join() === '-' ? await readInput() : asError(words);
  const found = explainError(text);
  if (json)
    terminal.json(found.map(({ entry, evidence }) => ({ evidence, ...withoutPatterns(entry) })));
  else for (const line of found.flatMap(explanationLines)) terminal.line(line);
  if (found.length > 0) return exitCodes.ok;
  terminal.note(
    text.trim() === ''
      ? 'There is nothing to explain. Give a code or a message, such as "layerwright explain 0xc0370101", or a log on standard input.'
      : 'Nothing is known about this error. Give the whole message, or the end of the log on standard input.',
  );
  return exitCodes.failed;
}

/** A number alone is an exit code. */
function asError(words: readonly string[]): string {
  const text = words.join(' ');
  return /^\d{1,5}$/.test(text) ? `exit code ${text}` : text;
}

function withoutPatterns({ texts: _texts, ...entry }: ErrorExplanation['entry']) {
  return entry;
}
