import { explain, type Failure } from '../../failure.ts';
import { explainError, type ErrorExplanation } from './explain-error.ts';

/** The end of a step's log says why it failed; what came long before seldom does. */
export const linesToExplain = 400;
/** More than the likeliest few distract. */
const mostHelp = 3;

/**
 * What is known about a failed step, from the last lines of its log and from the failure itself, the likeliest first.
 * Lines of the log count first: they are more specific than the exit code. Reads at most `linesToExplain` lines.
 */
export function explainFailure(
  failure: Failure,
  lastLines: readonly string[],
): readonly ErrorExplanation[] {
  if (failure.code === 'cancelled' || failure.code === 'dockerfile-invalid') return [];
  const text = [explain(failure).message, ...lastLines.slice(-linesToExplain)].join('\n');
  return explainError(withoutColours(text)).slice(0, mostHelp);
}

/** SGR and other CSI sequences (ECMA-48) stand in the middle of words that are looked for. */
function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex -- ESC is what is looked for
  return text.replace(/\u001B\[[\d;?]*[ -/]*[@-~]/g, '');
}

/** A command that a remedy says to run: what stands in quotes behind a program's name, or at its end behind a colon. */
export function commandIn(remedy: string): string | undefined {
  const quoted = /"((?:layerwright|docker) [^"]+)"/.exec(remedy)?.[1];
  return (
    quoted ??
    /: ((?:[A-Z][a-z]+-[A-Z]\w+|docker|netsh|sfc|dism|vssadmin) .+?)\.?$/.exec(remedy)?.[1]
  );
}
