import { readFile } from 'node:fs/promises';
import { explain, type Failure } from '../../shared/failure.ts';
import type { SourceRange } from '../../shared/source-range.ts';
import { explainFailure } from '../../shared/windows/error-help/explain-failure.ts';
import { explanationLines } from './explanation-lines.ts';
import { sourceExcerpt } from './source-excerpt.ts';
import type { Terminal } from './terminal.ts';

/** More problems of one Dockerfile are only counted. */
const mostProblems = 20;

/** What is at hand of a failed build. */
export interface FailureContext {
  /** The text of a Dockerfile that came from standard input. */
  readonly input?: string | undefined;
  /** The last lines that the failed step wrote. */
  readonly lastLines?: readonly string[];
}

/**
 * Tells a failure: what happened with its place, an excerpt of the Dockerfile where it is about one, what to do, and what
 * is known about errors of Windows that it or the log names.
 */
export async function reportFailure(
  terminal: Terminal,
  failure: Failure,
  { input, lastLines = [] }: FailureContext = {},
): Promise<void> {
  const { advice } = explain(failure);
  for (const { message, excerpt } of await parts(failure, input)) {
    terminal.note(`error: ${message}`);
    for (const line of excerpt) terminal.note(line);
  }
  if (advice !== undefined) terminal.note(`advice: ${advice}`);
  for (const found of explainFailure(failure, lastLines))
    for (const line of explanationLines(found)) terminal.note(line);
}

interface Part {
  readonly message: string;
  readonly excerpt: readonly string[];
}

async function parts(failure: Failure, input: string | undefined): Promise<readonly Part[]> {
  if (failure.code === 'dockerfile-invalid') {
    const text = await dockerfileText(failure.file, input);
    const shown = failure.problems.slice(0, mostProblems).map(problem => ({
      message: explain({ ...failure, problems: [problem] }).message,
      excerpt: sourceExcerpt(text, problem.range),
    }));
    const more = failure.problems.length - shown.length;
    if (more <= 0) return shown;
    return [...shown, { message: `${more} more problems in ${failure.file}`, excerpt: [] }];
  }
  const { message } = explain(failure);
  if (!hasPlace(failure)) return [{ message, excerpt: [] }];
  const text = await dockerfileText(failure.file, input);
  return [{ message, excerpt: sourceExcerpt(text, failure.range) }];
}

function hasPlace(failure: Failure): failure is Failure & { file: string; range: SourceRange } {
  return 'range' in failure && 'file' in failure && failure.range !== undefined;
}

/** Only for the excerpt: a file that cannot be read any more is told without one. */
async function dockerfileText(file: string, input: string | undefined): Promise<string> {
  if (file === '-') return input ?? '';
  return await readFile(file, 'utf8').catch(() => '');
}
