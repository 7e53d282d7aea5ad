import type {
  BuildEvent,
  BuildPhase,
  BuildResult,
  PlannedStage,
  PlannedStep,
  SavedFile,
  StepLayer,
} from '../../shared/ipc/build-events.ts';
import type { StepCacheStory } from '../../shared/ipc/step-cache.ts';
import type { BuildStatus, BuildSummary } from '../../shared/ipc/build-views.ts';
import type { Failure } from '../../shared/failure.ts';
import type { SourceRange } from '../../shared/source-range.ts';

export interface StepProgress {
  readonly phase: BuildPhase;
  readonly current: number;
  readonly total?: number;
  readonly unit: 'bytes' | 'files';
  readonly detail?: string;
}

/** How far a step is. Times are in ms since 1970, durations in ms. */
export type StepState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly startedAt: number; readonly progress?: StepProgress }
  | {
      readonly kind: 'ran' | 'cached';
      readonly startedAt: number;
      readonly durationMs: number;
      readonly phases: { readonly [P in BuildPhase]?: number };
      readonly layer?: StepLayer;
      /** Why it ran, or what it was taken from. */
      readonly cache?: StepCacheStory;
    }
  | {
      readonly kind: 'failed';
      readonly startedAt: number;
      readonly finishedAt: number;
      readonly failure: Failure;
    }
  /** The build ended before the step did. */
  | { readonly kind: 'stopped'; readonly startedAt?: number };

export interface StepView extends PlannedStep {
  readonly stage: number;
  readonly state: StepState;
  readonly warnings: readonly { readonly range: SourceRange; readonly message: string }[];
  /** Logs of installers that were saved because the step failed. */
  readonly files?: readonly SavedFile[];
  /** The step failed, and its files can still be looked into. */
  readonly kept?: boolean;
}

/** A build as it is shown: what its events add up to. */
export interface BuildView {
  readonly buildId: string;
  readonly status: BuildStatus;
  readonly backend: 'portable' | 'hcs';
  /** Why this backend and not the other; absent until the build is planned. */
  readonly backendReason?: string;
  readonly contextDir: string;
  readonly dockerfile: string;
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly stages: readonly PlannedStage[];
  /** In the order of the plan: stage by stage. */
  readonly steps: readonly StepView[];
  readonly result?: BuildResult;
  readonly failure?: Failure;
  /** The event to go on with. */
  readonly nextSeq: number;
}

/** A build of which no event has been folded yet. */
export function newBuildView(summary: BuildSummary): BuildView {
  return {
    buildId: summary.buildId,
    status: summary.status,
    backend: summary.backend,
    contextDir: summary.contextDir,
    dockerfile: summary.dockerfile,
    startedAt: summary.startedAt,
    stages: [],
    steps: [],
    nextSeq: 0,
    ...(summary.finishedAt === undefined ? {} : { finishedAt: summary.finishedAt }),
    ...(summary.result === undefined ? {} : { result: summary.result }),
    ...(summary.failure === undefined ? {} : { failure: summary.failure }),
  };
}

/** Folds events, in order. What was folded already is passed over, so a re-sent stretch does no harm. */
export function foldEvents(view: BuildView, events: readonly BuildEvent[]): BuildView {
  return events.reduce(
    (folded, event) =>
      event.seq < folded.nextSeq ? folded : { ...foldEvent(folded, event), nextSeq: event.seq + 1 },
    view,
  );
}

function foldEvent(view: BuildView, event: BuildEvent): BuildView {
  switch (event.kind) {
    case 'build-started': {
      const { backend, contextDir, dockerfile, time } = event;
      return { ...view, backend, contextDir, dockerfile, startedAt: time };
    }
    case 'build-planned': {
      const { choice, stages } = event;
      const planned = { ...view, stages, steps: stages.flatMap(plannedSteps) };
      if (choice === undefined) return planned;
      return { ...planned, backend: choice.backend, backendReason: choice.reason };
    }
    case 'step-output':
      return view;
    case 'build-finished':
      return { ...view, status: 'succeeded', finishedAt: event.time, result: event.result };
    case 'build-failed':
      return ended(view, event.time, event.failure);
    default:
      return {
        ...view,
        steps: view.steps.map(step =>
          step.stepId === event.stepId ? foldStep(step, event) : step,
        ),
      };
  }
}

function plannedSteps({ stage, steps }: PlannedStage): readonly StepView[] {
  return steps.map(step => ({ ...step, stage, state: { kind: 'waiting' }, warnings: [] }));
}

function ended(view: BuildView, finishedAt: number, failure: Failure): BuildView {
  const status = failure.code === 'cancelled' ? 'cancelled' : 'failed';
  return { ...view, status, finishedAt, failure, steps: view.steps.map(stopStep) };
}

function stopStep(step: StepView): StepView {
  if (step.state.kind !== 'running') return step;
  return { ...step, state: { kind: 'stopped', startedAt: step.state.startedAt } };
}

type StepEvent = Extract<BuildEvent, { readonly stepId: string }>;

function foldStep(step: StepView, event: Exclude<StepEvent, { kind: 'step-output' }>): StepView {
  const startedAt = startOf(step) ?? event.time;
  switch (event.kind) {
    case 'step-started':
      return { ...step, state: { kind: 'running', startedAt: event.time } };
    case 'step-progress': {
      const { phase, current, unit, total, detail } = event;
      const progress: StepProgress = {
        phase,
        current,
        unit,
        ...(total === undefined ? {} : { total }),
        ...(detail === undefined ? {} : { detail }),
      };
      return { ...step, state: { kind: 'running', startedAt, progress } };
    }
    case 'step-warning':
      return {
        ...step,
        warnings: [...step.warnings, { range: event.range, message: event.message }],
      };
    case 'step-finished': {
      const { outcome, durationMs, phases, layer, cache } = event;
      const done = { kind: outcome, startedAt, durationMs, phases };
      const made = layer === undefined ? done : { ...done, layer };
      return { ...step, state: cache === undefined ? made : { ...made, cache } };
    }
    case 'step-kept':
      return { ...step, files: event.files, kept: event.kept };
    case 'step-failed': {
      const { failure, time: finishedAt } = event;
      return { ...step, state: { kind: 'failed', startedAt, finishedAt, failure } };
    }
  }
}

function startOf(step: StepView): number | undefined {
  return step.state.kind === 'waiting' ? undefined : step.state.startedAt;
}

/** How many steps are done, of how many. */
export function stepsDone(view: BuildView): { readonly done: number; readonly total: number } {
  const done = view.steps.filter(({ state }) => state.kind === 'ran' || state.kind === 'cached');
  return { done: done.length, total: view.steps.length };
}

/** How long a build has taken, or has been going at `now` (ms since 1970). */
export function elapsedMs(build: { startedAt: number; finishedAt?: number }, now: number): number {
  return Math.max(0, (build.finishedAt ?? now) - build.startedAt);
}
