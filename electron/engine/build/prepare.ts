import { evaluate } from '../../../shared/dockerfile/evaluate.ts';
import type { Evaluation } from '../../../shared/dockerfile/evaluation.ts';
import type { Finding } from '../../../shared/dockerfile/finding.ts';
import { openStage, type StageState } from '../../../shared/dockerfile/stage-state.ts';
import type { BuildStage } from '../../../shared/dockerfile/stages.ts';
import type { BackendChoice } from '../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { Bases, PullListener, StageBaseImage } from './bases.ts';
import { resolveBases } from './bases.ts';
import { chooseBackend } from './backends/choose-backend.ts';
import { checkIsolation, checkRunSteps, checkRuns } from './backends/hcs/check-runs.ts';
import type { HcsSupport } from './backends/hcs/support.ts';
import {
  checkFindings,
  planWithTriggers,
  readPlan,
  type BuildPlan,
  type PlanDeps,
} from './plan.ts';

/** A stage with everything known about it that can be known before it is built. */
export interface PreparedStage {
  readonly stage: BuildStage;
  readonly base: StageBaseImage;
  /** One for each of `stage.instructions`. */
  readonly evaluations: readonly Evaluation[];
}

export interface PreparedBuild {
  readonly plan: BuildPlan;
  readonly stages: readonly PreparedStage[];
  readonly choice: BackendChoice;
  /** Of reading, planning and evaluating. */
  readonly findings: readonly Finding[];
}

/** What preparing a build needs. */
export interface PrepareDeps extends PlanDeps {
  readonly bases: Bases;
  /** What runs containers here; absent where nothing can. */
  readonly hcs?: HcsSupport;
  /** Told as soon as it is known what will be built, and again where triggers of the bases add to it. */
  readonly onPlan: (plan: BuildPlan, choice: BackendChoice) => void;
  readonly onPull: PullListener;
}

/**
 * Reads the Dockerfile, chooses the backend, finds the bases, and works out every instruction, all before the first byte
 * is written. Fails with `dockerfile-invalid`, as `chooseBackend` and `Bases` do, and with `run-refused`.
 */
export async function prepareBuild(
  request: BuildRequest,
  deps: PrepareDeps,
  signal?: AbortSignal,
): Promise<PreparedBuild> {
  const first = await readPlan(request, deps);
  const firstChoice = choose(first, request, deps);
  deps.onPlan(first, firstChoice);
  const bases = await resolve(first, request, deps, signal);
  const triggers = triggersOf(bases);
  const plan = triggers.size === 0 ? first : planWithTriggers(first, { request, deps, triggers });
  const choice = plan === first ? firstChoice : choose(plan, request, deps);
  if (plan !== first) deps.onPlan(plan, choice);
  // Triggers may bring in stages that were not needed before.
  const all = plan === first ? bases : await resolve(plan, request, deps, signal);
  const stages = evaluateStages(plan, all);
  const findings = [
    ...plan.findings,
    ...stages.flatMap(({ evaluations }) => evaluations.flatMap(one => one.findings)),
  ];
  checkFindings(plan.file, findings);
  if (choice.backend === 'hcs') checkRunSteps(plan.file, stages, request.run);
  return { plan, stages, choice, findings };
}

/** Everything that can be refused without a base is refused here. */
function choose(plan: BuildPlan, request: BuildRequest, { hcs }: PrepareDeps): BackendChoice {
  checkFindings(plan.file, plan.findings);
  const { stages } = plan.stages;
  const choice = chooseBackend({ wanted: request.backend, file: plan.file, stages }, hcs);
  if (choice.backend === 'hcs') checkRuns(plan.file, stages);
  return choice;
}

/** Refuses a base that cannot run here as soon as its version is known, before it is downloaded. */
async function resolve(
  plan: BuildPlan,
  request: BuildRequest,
  deps: PrepareDeps,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, StageBaseImage>> {
  const check = checkIsolation(plan, request.run, deps.hcs);
  const onPull: PullListener = stage => {
    const tell = deps.onPull(stage);
    return event => {
      if (event.kind === 'resolved') check.resolved(stage, event);
      tell(event);
    };
  };
  const bases = await resolveBases(plan.stages, request, { bases: deps.bases, onPull }, signal);
  for (const stage of plan.stages.stages) check.base(stage, bases.get(stage.index));
  return bases;
}

function triggersOf(bases: ReadonlyMap<number, StageBaseImage>): Map<number, readonly string[]> {
  const triggers = new Map<number, readonly string[]>();
  for (const [index, base] of bases) {
    const texts = base.kind === 'image' ? base.image.config.config?.OnBuild : undefined;
    if (texts && texts.length > 0) triggers.set(index, texts);
  }
  return triggers;
}

/** Works out every instruction of stages whose bases are known. */
export function evaluateStages(
  { stages: plan }: BuildPlan,
  bases: ReadonlyMap<number, StageBaseImage>,
): PreparedStage[] {
  const lastStates = new Map<number, StageState>();
  const prepared: PreparedStage[] = [];
  for (const stage of plan.stages) {
    const base = bases.get(stage.index);
    if (!base) continue;
    let state = openStage(plan, stage, stageBase(base, lastStates));
    const evaluations: Evaluation[] = [];
    for (const instruction of stage.instructions) {
      const evaluation = evaluate(instruction, state);
      evaluations.push(evaluation);
      ({ state } = evaluation);
    }
    lastStates.set(stage.index, state);
    prepared.push({ stage, base, evaluations });
  }
  return prepared;
}

function stageBase(
  base: StageBaseImage,
  states: ReadonlyMap<number, StageState>,
): Parameters<typeof openStage>[2] {
  if (base.kind !== 'stage') return { kind: 'image', config: base.image.config.config ?? {} };
  const state = states.get(base.index);
  if (!state) throw new Error(`stage ${base.index} is planned behind one that needs it`);
  return { kind: 'stage', state };
}
