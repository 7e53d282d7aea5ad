import type { BuildStage } from '../../../../shared/dockerfile/stages.ts';
import { AppError } from '../../../../shared/failure.ts';
import type { BackendChoice } from '../../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import type { SourceRange } from '../../../../shared/source-range.ts';
import type { HcsProblem, HcsSupport } from './hcs/support.ts';

/** What a backend is chosen for. */
export interface Job {
  readonly wanted: BuildRequest['backend'];
  /** Absolute path of the Dockerfile, or `-`. */
  readonly file: string;
  /** Those that are needed. */
  readonly stages: readonly BuildStage[];
}

/**
 * Chooses what builds: the hcs backend where a RUN needs it, else the portable one. Fails with `run-needs-windows` or
 * `hcs-unavailable` where that cannot be had here.
 */
export function chooseBackend(job: Job, support: HcsSupport | undefined): BackendChoice {
  const run = firstRun(job.stages);
  if (job.wanted === 'portable') {
    if (run) throw needsWindows(job.file, run);
    return { backend: 'portable', reason: 'it was asked for.' };
  }
  if (job.wanted === 'auto' && !run)
    return { backend: 'portable', reason: 'no step runs a program, so no Windows is needed.' };
  if (!support && job.wanted === 'auto' && run) throw needsWindows(job.file, run);
  const problems = support?.problems() ?? [notWindows];
  if (problems.length > 0) throw unavailable(job.file, run, problems);
  if (job.wanted === 'hcs') return { backend: 'hcs', reason: 'it was asked for.' };
  const line = run ? `RUN in line ${run.range.start.line + 1}` : 'RUN';
  return { backend: 'hcs', reason: `${line} needs Windows, and this host can run it.` };
}

const notWindows: HcsProblem = {
  problem: 'This is not a Windows host.',
  remedy: 'Build on Windows, or without RUN with --backend portable.',
};

interface FoundRun {
  readonly range: SourceRange;
  /** Set where the base brought it by ONBUILD. */
  readonly trigger?: { readonly base: string; readonly text: string };
}

function firstRun(stages: readonly BuildStage[]): FoundRun | undefined {
  for (const { instructions, triggers, baseText } of stages) {
    const at = instructions.findIndex(({ keyword }) => keyword === 'RUN');
    const run = instructions[at];
    if (!run) continue;
    const trigger = at < triggers ? { trigger: { base: baseText, text: run.text } } : {};
    return { range: run.range, ...trigger };
  }
  return undefined;
}

function needsWindows(file: string, run: FoundRun): AppError {
  return new AppError({ code: 'run-needs-windows', file, ...run });
}

function unavailable(
  file: string,
  run: FoundRun | undefined,
  problems: readonly HcsProblem[],
): AppError {
  const place = run ? { file, range: run.range } : undefined;
  return new AppError({ code: 'hcs-unavailable', problems, ...(place ? { place } : {}) });
}
