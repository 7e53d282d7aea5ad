import { statfs } from 'node:fs/promises';
import {
  commandOfContainer,
  commandOfRun,
} from '../../../../shared/dockerfile/effective-command.ts';
import type { Finding } from '../../../../shared/dockerfile/finding.ts';
import { windowsFindings } from '../../../../shared/dockerfile/windows-lint.ts';
import { AppError } from '../../../../shared/failure.ts';
import { formatBytes } from '../../../../shared/format-bytes.ts';
import type { BackendChoice } from '../../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import type {
  PreflightCommand,
  PreflightFinding,
  PreflightView,
} from '../../../../shared/ipc/preflight-views.ts';
import { isZImagefile } from '../../../../shared/zlayer/read-build-file.ts';
import { chooseBackend } from '../backends/choose-backend.ts';
import { createBases } from '../bases.ts';
import { readIgnore } from '../contexts.ts';
import { failureText } from '../failure-text.ts';
import type { PlanBuildDeps } from '../plan-build.ts';
import { readBuildText, readPlan, type BuildPlan } from '../plan.ts';
import { evaluateStages, type PreparedStage } from '../prepare.ts';
import { reportContext, type ContextReport } from './context-findings.ts';
import { missingSources, type CopiedSource } from './missing-sources.ts';
import { reportBases } from './preflight-bases.ts';

export interface PreflightDeps extends PlanBuildDeps {
  /** The folder of the store, whose disk is looked at. */
  readonly storeDir: string;
  readonly isSample: (registry: string) => boolean;
  /** `2026-11-24`, for what is out of support. */
  readonly today: string;
}

/**
 * Looks at everything that can be known of a build before a byte is fetched. `baseImages` must be those of the store
 * alone. Fails only where there is no build file or no context to read.
 */
export async function preflight(
  request: BuildRequest,
  deps: PreflightDeps,
  signal?: AbortSignal,
): Promise<PreflightView> {
  const plan = await readPlan(request, deps);
  const bases = createBases({ source: deps.baseImages, blobs: deps.blobs, host: deps.host });
  const found = await reportBases(plan.stages, { ...deps, request, bases }, signal);
  const prepared = evaluateStages(plan, found.resolved);
  const backend = choose(plan, request, deps);
  const { context, findings: ofContext } = await contextReport(plan, request, prepared, signal);
  const disk = await diskOf(deps.storeDir, context.bytes);
  const findings = [
    ...plan.findings.map(dockerfileFinding),
    ...evaluationFindings(prepared, found.unknown),
    ...(await lintFindings(plan, deps)),
    ...found.findings,
    ...backend.findings,
    ...ofContext,
    ...diskFindings(disk),
  ];
  return {
    file: plan.file,
    stages: prepared.length,
    steps: prepared.reduce((sum, { evaluations }) => sum + evaluations.length, 0),
    ...(backend.choice ? { backend: backend.choice } : {}),
    bases: found.bases,
    context,
    ...(disk ? { disk } : {}),
    commands: commandsOf(prepared),
    findings: inOrder(findings),
  };
}

const severities = { error: 0, warning: 1, info: 2 } as const;

/** Errors first; what is said twice is told once. */
function inOrder(findings: readonly PreflightFinding[]): readonly PreflightFinding[] {
  const seen = new Set<string>();
  const distinct = findings.filter(({ message, path, range }) => {
    const key = JSON.stringify([message, path, range?.start]);
    return seen.has(key) ? false : seen.add(key);
  });
  return distinct.toSorted((a, b) => severities[a.severity] - severities[b.severity]);
}

function dockerfileFinding({ message, range, rule, severity }: Finding): PreflightFinding {
  return { check: 'dockerfile', severity, message, range, rule };
}

/** A base that is not here brings variables that nobody knows yet. */
function evaluationFindings(
  prepared: readonly PreparedStage[],
  unknown: ReadonlySet<number>,
): readonly PreflightFinding[] {
  return prepared.flatMap(({ evaluations, stage }) =>
    evaluations
      .flatMap(({ findings }) => findings)
      .filter(({ rule }) => rule !== 'undefined-var' || !unknown.has(stage.index))
      .map(dockerfileFinding),
  );
}

async function lintFindings(
  plan: BuildPlan,
  deps: PreflightDeps,
): Promise<readonly PreflightFinding[]> {
  // The rules read the text of a Dockerfile.
  if (isZImagefile(plan.file)) return [];
  const text = await readBuildText(plan.file, deps);
  const { dockerfile, stages } = plan;
  const bases = new Map(stages.stages.map(({ baseText, index }) => [index, baseText]));
  return windowsFindings({ text, dockerfile, bases, today: deps.today }).map(finding => ({
    ...dockerfileFinding(finding),
    check: /secret/.test(finding.rule) ? 'secrets' : 'windows',
  }));
}

function choose(
  plan: BuildPlan,
  request: BuildRequest,
  { hcs }: PreflightDeps,
): { readonly choice?: BackendChoice; readonly findings: readonly PreflightFinding[] } {
  try {
    const job = { wanted: request.backend, file: plan.file, stages: plan.stages.stages };
    return { choice: chooseBackend(job, hcs), findings: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { failure } = error;
    const place = failure.code === 'hcs-unavailable' ? failure.place : failure;
    const range =
      place !== undefined && 'range' in place && place.range ? { range: place.range } : {};
    const message = failureText(failure).replace(/^.*?:\d+:\d+: /, '');
    return { findings: [{ check: 'run', severity: 'error', message, ...range }] };
  }
}

async function contextReport(
  plan: BuildPlan,
  { contextDir }: BuildRequest,
  prepared: readonly PreparedStage[],
  signal?: AbortSignal,
): Promise<ContextReport> {
  const copies = copiesOf(prepared);
  const ignore = await readIgnore(contextDir, plan.file === '-' ? undefined : plan.file);
  const copiesAll = copies.some(({ source }) => /^\.?$/.test(source));
  const report = await reportContext({ dir: contextDir, ignore, copiesAll }, signal);
  const missing = await missingSources(copies, { dir: contextDir, ignore }, signal);
  return { ...report, findings: [...missing, ...report.findings] };
}

/** What is taken from the context. */
function copiesOf(prepared: readonly PreparedStage[]): readonly CopiedSource[] {
  return prepared.flatMap(({ evaluations, stage }) =>
    evaluations.flatMap(({ step }, at) => {
      const instruction = stage.instructions[at];
      const isContext = step.kind === 'add' || (step.kind === 'copy' && step.from === undefined);
      if (!isContext || instruction === undefined) return [];
      return step.sources.flatMap(source =>
        source.kind === 'path' ? [{ source: source.path, range: instruction.range }] : [],
      );
    }),
  );
}

async function diskOf(dir: string, contextBytes: number): Promise<PreflightView['disk']> {
  // A file system that cannot say it is tried.
  const found = await statfs(dir).catch(() => undefined);
  if (found === undefined || found.blocks === 0) return undefined;
  // At most: everything that is copied, once as it is and once packed.
  return { dir, free: found.bavail * found.bsize, needed: contextBytes * 2 };
}

function diskFindings(disk: PreflightView['disk']): readonly PreflightFinding[] {
  if (disk === undefined || disk.needed <= disk.free) return [];
  const message = `The disk of ${disk.dir} has ${formatBytes(disk.free)} free; the files of the context may need ${formatBytes(disk.needed)}.`;
  return [{ check: 'disk', severity: disk.free < disk.needed / 2 ? 'error' : 'warning', message }];
}

function commandsOf(prepared: readonly PreparedStage[]): readonly PreflightCommand[] {
  return prepared.flatMap(({ evaluations, stage }) =>
    evaluations.flatMap(({ state, step }, at): PreflightCommand[] => {
      const instruction = stage.instructions[at];
      if (instruction === undefined || step.kind === 'invalid') return [];
      const { keyword, range } = instruction;
      const isStart = keyword === 'CMD' || keyword === 'ENTRYPOINT';
      const command =
        step.kind === 'run'
          ? commandOfRun(step)
          : isStart
            ? commandOfContainer(state.config)
            : undefined;
      return command === undefined ? [] : [{ stage: stage.index, keyword, range, ...command }];
    }),
  );
}
