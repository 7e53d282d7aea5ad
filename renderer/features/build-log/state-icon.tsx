import {
  Ban,
  Circle,
  CircleCheck,
  CircleDashed,
  CircleX,
  LoaderCircle,
  Unplug,
  Zap,
} from 'lucide-react';
import type { BuildStatus } from '../../../shared/ipc/build-views.ts';
import type { StepState } from '../../stores/build-view.ts';
import { wordsOfState, wordsOfStatus } from './build-words.ts';

const stepIcons = {
  waiting: Circle,
  running: LoaderCircle,
  ran: CircleCheck,
  cached: Zap,
  failed: CircleX,
  stopped: Ban,
} as const;

/** The glyph of a step's state; its words stand beside it or are given to assistive technology. */
export function StepIcon({ state }: { readonly state: StepState }) {
  const Icon = stepIcons[state.kind];
  const { tone } = wordsOfState(state);
  return (
    <Icon className={`state-icon state-icon--${tone}`} data-kind={state.kind} aria-hidden="true" />
  );
}

const buildIcons = {
  running: LoaderCircle,
  succeeded: CircleCheck,
  failed: CircleX,
  cancelled: CircleDashed,
  interrupted: Unplug,
} as const;

/** The glyph of a build's state. */
export function BuildIcon({ status }: { readonly status: BuildStatus }) {
  const Icon = buildIcons[status];
  const { tone } = wordsOfStatus(status);
  return (
    <Icon className={`state-icon state-icon--${tone}`} data-kind={status} aria-hidden="true" />
  );
}
