import type { BuildEvent, BuildEventBody } from '../../../shared/ipc/build-events.ts';
import { tellCacheStory } from '../../../shared/ipc/cache-words.ts';
import { timeTeller } from '../text/units.ts';
import { namedSteps } from './step-names.ts';

type Progress = Extract<BuildEventBody, { kind: 'step-progress' }>;

/** How one step stands. Times are in ms since 1970. */
export interface LiveStep {
  readonly label: string;
  readonly status:
    | { readonly kind: 'waiting' }
    | {
        readonly kind: 'running';
        readonly startedAt: number;
        readonly progress?: Progress;
        /** Bytes a second since the phase began. */
        readonly rate?: number;
        readonly phaseStart?: { readonly phase: string; readonly time: number };
      }
    | {
        readonly kind: 'done';
        readonly cached: boolean;
        readonly durationMs: number;
        /** Why it ran, where something is different from before. */
        readonly why?: string;
      }
    | { readonly kind: 'failed' };
  /** The last lines that it said. */
  readonly tail: readonly string[];
}

/** All that the live view shows. */
export interface LiveState {
  readonly startedAt: number;
  readonly steps: ReadonlyMap<string, LiveStep>;
}

const tailLength = 5;

export function newLiveState(startedAt: number): LiveState {
  return { startedAt, steps: new Map() };
}

/** The state after one more event. */
export function liveStateAfter(state: LiveState, event: BuildEvent): LiveState {
  switch (event.kind) {
    case 'build-planned': {
      const named = namedSteps(event.stages).entries();
      const waiting = { status: { kind: 'waiting' }, tail: [] } as const;
      return {
        ...state,
        steps: new Map(named.map(([stepId, { label }]) => [stepId, { label, ...waiting }])),
      };
    }
    case 'step-started':
    case 'step-progress':
    case 'step-output':
    case 'step-finished':
    case 'step-failed': {
      const step = state.steps.get(event.stepId) ?? {
        label: event.stepId,
        status: { kind: 'waiting' },
        tail: [],
      };
      return { ...state, steps: new Map(state.steps).set(event.stepId, stepAfter(step, event)) };
    }
    case 'build-started':
    case 'step-warning':
    case 'step-kept':
    case 'build-finished':
    case 'build-failed':
      return state;
  }
}

type StepEvent = Extract<
  BuildEvent,
  { kind: 'step-started' | 'step-progress' | 'step-output' | 'step-finished' | 'step-failed' }
>;

function stepAfter(step: LiveStep, event: StepEvent): LiveStep {
  switch (event.kind) {
    case 'step-started':
      return { ...step, status: { kind: 'running', startedAt: event.time } };
    case 'step-progress':
      return { ...step, status: progressed(step, event) };
    case 'step-output':
      return {
        ...step,
        tail: [...step.tail, ...event.lines.slice(-tailLength)].slice(-tailLength),
      };
    case 'step-finished': {
      const { cache, durationMs, outcome } = event;
      const isTold = cache !== undefined && outcome === 'ran' && cache.kind !== 'never-built';
      const why = isTold ? { why: tellCacheStory(cache, timeTeller(event.time)) } : {};
      return {
        ...step,
        status: { kind: 'done', cached: outcome === 'cached', durationMs, ...why },
      };
    }
    case 'step-failed':
      return { ...step, status: { kind: 'failed' } };
  }
}

function progressed(
  { status }: LiveStep,
  progress: Extract<BuildEvent, { kind: 'step-progress' }>,
): LiveStep['status'] {
  const { phase, time } = progress;
  const running =
    status.kind === 'running' ? status : ({ kind: 'running', startedAt: time } as const);
  const phaseStart = running.phaseStart?.phase === phase ? running.phaseStart : { phase, time };
  const seconds = (time - phaseStart.time) / 1000;
  const { rate: _, ...rest } = running;
  const known = { ...rest, progress, phaseStart };
  // The first figures of a phase are chance.
  if (seconds < 0.5 || progress.unit !== 'bytes') return known;
  return { ...known, rate: progress.current / seconds };
}
