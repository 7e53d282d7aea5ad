import { lintDockerfile, windowsRules } from '../../../shared/dockerfile/windows-lint.ts';
import type { Finding } from '../../../shared/dockerfile/finding.ts';
import { AppError } from '../../../shared/failure.ts';
import { isZPipeline, parseZPipeline } from '../../../shared/zlayer/parse-zpipeline.ts';
import { pipelineWaves } from '../../../shared/zlayer/pipeline-waves.ts';
import { isZImagefile, readBuildFile } from '../../../shared/zlayer/read-build-file.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { buildFilesAt, readDockerfile } from '../lint/read-dockerfile.ts';
import { sarifOf } from '../lint/sarif.ts';
import { explanationLines, findingLines, summaryLine } from '../lint/text.ts';
import type { LintedFile } from '../lint/linted-file.ts';

export interface LintFlags {
  readonly format: 'text' | 'json' | 'sarif';
  readonly failOn: Finding['severity'] | 'never';
  readonly explain?: string;
}

/** `layerwright lint`: what is wrong with Dockerfiles. Fails as `--fail-on` says; throws for what cannot be read. */
export async function lint(
  context: CommandContext,
  paths: readonly string[],
  flags: LintFlags,
): Promise<number> {
  if (flags.explain !== undefined) return explain(context, flags.explain);
  const today = new Date().toISOString().slice(0, 10);
  const files: LintedFile[] = [];
  const found = await Promise.all(paths.map(async path => await buildFilesAt(path, context)));
  for (const path of found.flat()) {
    const { name, text } = await readDockerfile(path, context);
    files.push({ name, text, findings: await findingsOf(name, text, today) });
  }
  write(context, files, flags.format);
  return fails(files, flags.failOn) ? exitCodes.failed : exitCodes.ok;
}

/** The rules about Windows read the text of a Dockerfile; a ZImagefile and a ZPipeline have rules of their own. */
async function findingsOf(name: string, text: string, today: string): Promise<readonly Finding[]> {
  if (isZPipeline(name)) {
    const { findings, pipeline } = parseZPipeline(text);
    return [...findings, ...(pipeline ? pipelineWaves(pipeline.images).findings : [])];
  }
  if (isZImagefile(name)) return (await readBuildFile(name, text)).findings;
  return lintDockerfile(text, today);
}

function write(
  { terminal }: CommandContext,
  files: readonly LintedFile[],
  format: LintFlags['format'],
): void {
  if (format === 'sarif') return terminal.json(sarifOf(files));
  if (format === 'json') {
    return terminal.json(files.map(({ name, findings }) => ({ file: name, findings })));
  }
  for (const file of files) for (const line of findingLines(file)) terminal.line(line);
  terminal.note(summaryLine(files));
}

const ranks = { info: 1, warning: 2, error: 3, never: 4 } as const;

function fails(files: readonly LintedFile[], failOn: LintFlags['failOn']): boolean {
  return files.some(({ findings }) =>
    findings.some(({ severity }) => ranks[severity] >= ranks[failOn]),
  );
}

function explain({ terminal }: CommandContext, name: string): number {
  const rule = windowsRules.find(one => one.name === name);
  if (rule === undefined) {
    const problem = `there is no rule "${name}" about Windows; docs/lint.md lists all of them`;
    throw new AppError({ code: 'bad-request', field: '--explain', problem });
  }
  for (const line of explanationLines(rule)) terminal.line(line);
  return exitCodes.ok;
}
