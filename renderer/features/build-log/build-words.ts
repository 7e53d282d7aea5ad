import type { BuildStatus, BuildSummary } from '../../../shared/ipc/build-views.ts';
import type { BuildPhase } from '../../../shared/ipc/build-events.ts';
import type { Tone } from '../../components/badge.tsx';
import type { BuildView, StepState, StepView } from '../../stores/build-view.ts';

export interface StateWords {
  readonly label: string;
  readonly tone: Tone;
}

const statusWords: { readonly [S in BuildStatus]: StateWords } = {
  running: { label: 'Running', tone: 'accent' },
  succeeded: { label: 'Succeeded', tone: 'ok' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
  interrupted: { label: 'Interrupted', tone: 'warn' },
};

/** How the state of a build is named and coloured. */
export function wordsOfStatus(status: BuildStatus): StateWords {
  return statusWords[status];
}

const stateWords: { readonly [K in StepState['kind']]: StateWords } = {
  waiting: { label: 'Waiting', tone: 'neutral' },
  running: { label: 'Running', tone: 'accent' },
  ran: { label: 'Done', tone: 'ok' },
  cached: { label: 'Cached', tone: 'note' },
  failed: { label: 'Failed', tone: 'bad' },
  stopped: { label: 'Stopped', tone: 'neutral' },
};

/** How the state of a step is named and coloured. */
export function wordsOfState({ kind }: StepState): StateWords {
  return stateWords[kind];
}

/** Phases in the order in which a step goes through them. */
export const phases: readonly BuildPhase[] = [
  'resolve',
  'pull',
  'extract',
  'mount',
  'start',
  'run',
  'diff',
  'compress',
  'hash',
  'write',
  'teardown',
];

/** How long a step took, or has been going at `now` (both in ms since 1970); undefined before it begins. */
export function stepDurationMs(state: StepState, now: number): number | undefined {
  switch (state.kind) {
    case 'ran':
    case 'cached':
      return state.durationMs;
    case 'running':
      return Math.max(0, now - state.startedAt);
    case 'failed':
      return Math.max(0, state.finishedAt - state.startedAt);
    default:
      return undefined;
  }
}

/** The last part of a path of either kind. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast(part => part !== '') ?? path;
}

/** What a build is called: its first tag, else its folder. */
export function buildTitle({
  tags,
  contextDir,
}: Pick<BuildSummary, 'tags' | 'contextDir'>): string {
  return tags[0] ?? lastPart(contextDir);
}

/**
 * Where a step's layer is in the image that was made (base first, from 0). Only the layers of the last
 * stage are in it, and they are on top; undefined for others.
 */
export function layerIndexOf(view: BuildView, stepId: string): number | undefined {
  const lastStage = view.stages.at(-1)?.stage;
  const own = view.steps.filter(step => step.stage === lastStage && hasLayer(step));
  const at = own.findIndex(step => step.stepId === stepId);
  return at < 0 || view.result === undefined ? undefined : view.result.layers - own.length + at;
}

function hasLayer({ state }: StepView): boolean {
  return (state.kind === 'ran' || state.kind === 'cached') && state.layer !== undefined;
}

/** The step that failed; undefined where none did. */
export function failedStep(view: BuildView): StepView | undefined {
  return view.steps.find(({ state }) => state.kind === 'failed');
}
