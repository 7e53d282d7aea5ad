import type { SourceRange } from '../source-range.ts';
import { fileNameProblem } from '../windows/file-names.ts';
import {
  formatWindowsPath,
  parseWindowsPath,
  resolveContainerPath,
} from '../windows/windows-path.ts';
import type { WorkdirInstruction } from './ast.ts';
import type { Evaluation, Evaluator } from './evaluation.ts';
import type { StepDestination } from './resolved-step.ts';

/** WORKDIR: the config gets `C:\dir`, as Docker on Windows writes it. */
export function evaluateWorkdir(instruction: WorkdirInstruction, evaluator: Evaluator): Evaluation {
  const { config, hasWorkdir } = evaluator.state;
  const { range } = instruction.path;
  const written = evaluator.value(instruction.path);
  if (!hasWorkdir && isRelative(written, evaluator.isWindows)) {
    const message = `${written} is relative, so it depends on the base image. Write a full path${evaluator.isWindows ? ' such as C:/app' : ''}.`;
    evaluator.warn('workdir-relative-path', range, message);
  }
  const destination = resolveDestination(evaluator, written, range);
  const WorkingDir = spelled(destination.path, evaluator.isWindows);
  const change = { config: { ...config, WorkingDir }, hasWorkdir: true };
  return evaluator.finish(`WORKDIR ${WorkingDir}`, change, { kind: 'workdir', destination });
}

function isRelative(path: string, isWindows: boolean): boolean {
  if (!isWindows) return !path.startsWith('/');
  if (isBareDrive(path)) return false;
  const { kind } = parseWindowsPath(path);
  return kind === 'relative' || kind === 'drive-relative';
}

/** `C:` alone is no place in an image: it means whatever directory is current on that drive. */
function isBareDrive(path: string): boolean {
  return /^[a-z]:$/i.test(path);
}

function spelled(path: string, isWindows: boolean): string {
  if (!isWindows) return `/${path}`;
  return formatWindowsPath({
    kind: 'absolute',
    drive: 'C',
    parts: path.split('/').filter(part => part !== ''),
  });
}

/** The place that `written` means from the working directory. What cannot be one fails the evaluation. */
export function resolveDestination(
  evaluator: Evaluator,
  written: string,
  range: SourceRange,
): StepDestination {
  const workingDir = evaluator.state.config.WorkingDir ?? '';
  const path = evaluator.isWindows
    ? windowsPlace(evaluator, workingDir, { written, range })
    : posixPlace(workingDir, written);
  const isFolder = path === '' || written === '' || /(?:^|[\\/])\.{0,2}$/.test(written);
  return { path, isFolder, written };
}

function windowsPlace(
  evaluator: Evaluator,
  workingDir: string,
  { written, range }: { written: string; range: SourceRange },
): string {
  if (isBareDrive(written)) {
    const message = `${written} means the current directory of that drive. Write ${written}\\ or ${written}/ for its root.`;
    evaluator.fail('bad-path', range, message);
    return '';
  }
  const place = resolveContainerPath(workingDir, written);
  if (place.kind === 'refused') {
    evaluator.fail(
      'bad-path',
      range,
      `${written} cannot be used: ${place.reason}. Write a path on drive C:.`,
    );
    return '';
  }
  for (const part of place.parts) {
    const problem = fileNameProblem(part);
    if (problem === undefined) continue;
    evaluator.fail(
      'bad-path',
      range,
      `${written} cannot be used: the name ${part} ${problem}. Choose another name.`,
    );
    break;
  }
  return place.parts.join('/');
}

function posixPlace(workingDir: string, written: string): string {
  const parts: string[] = [];
  for (const part of (written.startsWith('/') ? written : `${workingDir}/${written}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
