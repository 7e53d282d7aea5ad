import { platformOf } from '../../../../shared/oci/image.ts';
import { formatPlatform } from '../../../../shared/oci/platform.ts';
import type { Evaluation } from '../../../../shared/dockerfile/evaluation.ts';
import type { ResolvedStep } from '../../../../shared/dockerfile/resolved-step.ts';
import type { Instruction } from '../../../../shared/dockerfile/ast.ts';
import { AppError, failureOf } from '../../../../shared/failure.ts';
import type { BackendChoice } from '../../../../shared/ipc/build-events.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import type { Emit, StepReport } from '../event-stream.ts';
import { createStepReport } from '../event-stream.ts';
import { imageTime, type TimeChoice } from '../image-time.ts';
import type { StageBaseImage } from '../bases.ts';
import { stepIdOf } from '../plan.ts';
import type { PreparedStage } from '../prepare.ts';
import { afterInstruction, chainIdOf, type StageImage } from '../stage-image.ts';
import { imageFiles, type Trees } from '../stage-files.ts';
import type { StepLayerRecord } from '../cache/outcome.ts';
import { createStageTrace, type StageTrace } from '../cache/stage-trace.ts';
import type { CachedStep, StepCache } from '../cache/step-cache.ts';
import type { Backend } from '../backends/backend.ts';
import { copiesFiles, placedFailure, runFileStep, type StepDeps } from './file-step.ts';
import type { StepInput, StepResult } from './step.ts';

export interface StageDeps extends StepDeps {
  readonly backend: Backend;
  readonly cache: StepCache;
  readonly file: string;
  /** Number of the stage that is listed first: its FROM tells of the backend. */
  readonly firstStage: number;
  readonly emit: Emit;
  readonly trees: Trees;
  readonly timeChoice: Omit<TimeChoice, 'baseCreated'>;
  /** The image of another stage, once that is built. */
  readonly stageImage: (index: number) => Promise<StageImage>;
  /** Waits for a turn, so that only so many steps run side by side. */
  turn<T>(work: () => Promise<T>): Promise<T>;
}

/** Builds one stage, instruction by instruction, and tells what happens. */
export async function runStage(
  prepared: PreparedStage,
  deps: StageDeps,
  signal?: AbortSignal,
): Promise<StageImage> {
  const { stage, evaluations } = prepared;
  // Waited for before this stage starts: what fails in another stage is told there.
  let current = await openedImage(prepared.base, deps);
  const trace = createStageTrace(prepared, current);
  await tellBase(prepared, trace, deps, signal);
  for (const [at, instruction] of stage.instructions.entries()) {
    const evaluation = evaluations[at];
    if (!evaluation) throw new Error(`instruction ${at} of stage ${stage.index} was not evaluated`);
    const { step } = evaluation;
    // Before the step takes a turn: one that waits for another stage must not keep that from going on.
    for (const index of stagesReadBy(step)) await deps.stageImage(index);
    const cached = trace.step(at + 1, instruction, evaluation);
    const { stepId } = cached;
    const before = current;
    const run = () =>
      reported({ stepId, instruction, deps }, signal, report =>
        runInstruction({ evaluation, cached, deps, report }, before, signal),
      );
    const isWork = copiesFiles(step) || step.kind === 'run';
    const result = await (isWork ? deps.turn(run) : run());
    if (result.layer) trace.layerMade(cached, result.outcome);
    current = afterInstruction(current, { ...evaluation, ...result }, deps.trees);
  }
  return current;
}

/** Numbers of the stages whose files a step reads. */
function stagesReadBy(step: ResolvedStep): number[] {
  const sources =
    step.kind === 'copy'
      ? [step.from]
      : step.kind === 'run'
        ? step.mounts.map(({ from }) => from)
        : [];
  return sources.flatMap(from => (from?.kind === 'stage' ? [from.index] : []));
}

async function tellBase(
  { stage, base }: PreparedStage,
  { baseStory }: StageTrace,
  deps: StageDeps,
  signal?: AbortSignal,
): Promise<void> {
  const stepId = stepIdOf(stage, 0);
  const { range } = stage.from;
  const spentMs = base.kind === 'image' ? base.provideMs : 0;
  await reported({ stepId, instruction: stage.from, deps, spentMs }, signal, async report => {
    if (spentMs > 0) report.spent('pull', spentMs);
    if (stage.index === deps.firstStage) {
      report.note(describeChoice(deps.backend.choice));
      for (const problem of deps.cache.problems) report.note(problem);
    }
    for (const line of describeBase(base)) report.note(line);
    if (base.kind === 'scratch')
      deps.emit({ kind: 'step-warning', stepId, range, message: scratchWarning });
    return { outcome: 'cached', ...(baseStory ? { story: baseStory } : {}) };
  });
}

async function openedImage(base: StageBaseImage, deps: StageDeps): Promise<StageImage> {
  if (base.kind === 'stage') return deps.stageImage(base.index);
  const { image } = base;
  const time = imageTime({ ...deps.timeChoice, baseCreated: image.config.created });
  return { image, files: imageFiles(image.layersBaseFirst, deps.trees), time };
}

function describeChoice({ backend, reason }: BackendChoice): string {
  return `The ${backend} backend builds: ${reason}`;
}

function describeBase(base: StageBaseImage): string[] {
  if (base.kind !== 'image') return [];
  const { config, layersBaseFirst } = base.image;
  const layers = layersBaseFirst.length === 1 ? '1 layer' : `${layersBaseFirst.length} layers`;
  const found = `${formatPlatform(platformOf(config))}, ${layers}`;
  return base.note === undefined ? [found] : [base.note, found];
}

const scratchWarning =
  'An image from scratch holds no Windows, so no container of it can run. It can be copied from, and unpacked.';

interface Running {
  readonly evaluation: Evaluation;
  readonly cached: CachedStep;
  readonly deps: StageDeps;
  readonly report: StepReport;
}

async function runInstruction(
  { evaluation, cached, deps, report }: Running,
  { image, files, time }: StageImage,
  signal?: AbortSignal,
): Promise<StepResult> {
  for (const { severity, range, message } of evaluation.findings) {
    if (severity === 'warning')
      deps.emit({ kind: 'step-warning', stepId: cached.stepId, range, message });
  }
  const { step } = evaluation;
  const { stepId, text } = cached;
  const warn = (message: string) =>
    deps.emit({ kind: 'step-warning', stepId, range: cached.range, message });
  const progress = (current: number, total: number) =>
    report.progress({
      phase: 'pull',
      current,
      total,
      unit: 'bytes',
      detail: 'from a shared cache',
    });
  const place = { stepId, text, report, cache: deps.cache.step(cached, { warn, progress }) };
  const input: StepInput = {
    chainId: chainIdOf(image),
    layersBaseFirst: image.layersBaseFirst,
    platform: platformOf(image.config),
    files,
    times: time.policy,
  };
  if (copiesFiles(step)) return runFileStep(step, input, { deps, place }, signal);
  if (step.kind === 'run') return deps.backend.run(step, input, place, signal);
  return { outcome: 'ran' };
}

interface Reported {
  readonly stepId: string;
  readonly instruction: Instruction;
  readonly deps: StageDeps;
  /** Time that the step took before, in ms. */
  readonly spentMs?: number;
}

/** Tells when a step starts, ends and fails; a failure comes out with its place in the Dockerfile. */
async function reported(
  { stepId, instruction, deps, spentMs = 0 }: Reported,
  signal: AbortSignal | undefined,
  work: (report: StepReport) => Promise<StepResult>,
): Promise<StepResult> {
  throwIfCancelled(signal);
  const start = performance.now();
  const report = createStepReport(stepId, deps.emit);
  deps.emit({ kind: 'step-started', stepId });
  try {
    const result = await work(report);
    const { outcome, layer, story } = result;
    const durationMs = Math.round(performance.now() - start) + spentMs;
    const shown = layer ? { layer: stepLayer(layer) } : {};
    deps.emit({
      kind: 'step-finished',
      stepId,
      outcome,
      durationMs,
      phases: report.phases(),
      ...shown,
      ...(story ? { cache: story } : {}),
    });
    return result;
  } catch (error) {
    if (signal?.aborted) throw new AppError({ code: 'cancelled' }, { cause: error });
    const placed = placedFailure(error, deps.file, instruction.range);
    deps.emit({ kind: 'step-failed', stepId, failure: failureOf(placed) });
    throw placed;
  }
}

function stepLayer({ descriptor, diffId, uncompressedSize, files }: StepLayerRecord) {
  return {
    digest: descriptor.digest,
    diffId,
    compressedSize: descriptor.size,
    uncompressedSize,
    files,
  };
}
