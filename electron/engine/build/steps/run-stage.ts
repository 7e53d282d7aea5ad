import { platformOf } from '../../../../shared/oci/image.ts';
import { formatPlatform } from '../../../../shared/oci/platform.ts';
import type { Evaluation } from '../../../../shared/dockerfile/evaluation.ts';
import type { Instruction } from '../../../../shared/dockerfile/ast.ts';
import { AppError, failureOf } from '../../../../shared/failure.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import type { Emit, StepReport } from '../event-stream.ts';
import { createStepReport } from '../event-stream.ts';
import { imageTime, type TimeChoice } from '../image-time.ts';
import type { StageBaseImage } from '../bases.ts';
import { stepIdOf } from '../plan.ts';
import type { PreparedStage } from '../prepare.ts';
import { afterInstruction, chainIdOf, type StageImage } from '../stage-image.ts';
import { imageFiles, type Trees } from '../stage-files.ts';
import type { StepLayerRecord } from '../step-cache.ts';
import {
  changesFiles,
  placedFailure,
  runStep,
  type StepDeps,
  type StepResult,
} from './file-step.ts';

export interface StageDeps extends StepDeps {
  readonly file: string;
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
  let current = await openImage(prepared, deps, signal);
  for (const [at, instruction] of stage.instructions.entries()) {
    const evaluation = evaluations[at];
    if (!evaluation) throw new Error(`instruction ${at} of stage ${stage.index} was not evaluated`);
    const { step } = evaluation;
    if (step.kind === 'copy' && step.from?.kind === 'stage') await deps.stageImage(step.from.index);
    const stepId = stepIdOf(stage, at + 1);
    const before = current;
    const run = () =>
      reported({ stepId, instruction, deps }, signal, report =>
        runInstruction({ evaluation, stepId, deps, report }, before, signal),
      );
    const result = await (changesFiles(step) ? deps.turn(run) : run());
    current = afterInstruction(current, { ...evaluation, ...result });
  }
  return current;
}

async function openImage(
  { stage, base }: PreparedStage,
  deps: StageDeps,
  signal?: AbortSignal,
): Promise<StageImage> {
  const stepId = stepIdOf(stage, 0);
  const { range } = stage.from;
  // Waited for before this stage starts: what fails in another stage is told there.
  const opened = await openedImage(base, deps);
  const spentMs = base.kind === 'image' ? base.provideMs : 0;
  await reported({ stepId, instruction: stage.from, deps, spentMs }, signal, async report => {
    if (spentMs > 0) report.spent('pull', spentMs);
    for (const line of describeBase(base)) report.note(line);
    if (base.kind === 'scratch')
      deps.emit({ kind: 'step-warning', stepId, range, message: scratchWarning });
    return { outcome: 'cached' };
  });
  return opened;
}

async function openedImage(base: StageBaseImage, deps: StageDeps): Promise<StageImage> {
  if (base.kind === 'stage') return deps.stageImage(base.index);
  const { image } = base;
  const time = imageTime({ ...deps.timeChoice, baseCreated: image.config.created });
  return { image, files: imageFiles(image.layersBaseFirst, deps.trees), time };
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
  readonly stepId: string;
  readonly deps: StageDeps;
  readonly report: StepReport;
}

async function runInstruction(
  { evaluation, stepId, deps, report }: Running,
  current: StageImage,
  signal?: AbortSignal,
): Promise<StepResult> {
  for (const { severity, range, message } of evaluation.findings) {
    if (severity === 'warning') deps.emit({ kind: 'step-warning', stepId, range, message });
  }
  const { step } = evaluation;
  if (!changesFiles(step)) return { outcome: 'ran' };
  const input = {
    chainId: chainIdOf(current.image),
    files: current.files,
    times: current.time.policy,
  };
  return runStep(step, input, { deps, report }, signal);
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
    const { outcome, layer } = result;
    const durationMs = Math.round(performance.now() - start) + spentMs;
    const shown = layer ? { layer: stepLayer(layer) } : {};
    deps.emit({
      kind: 'step-finished',
      stepId,
      outcome,
      durationMs,
      phases: report.phases(),
      ...shown,
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
