import type { BuildPhase } from '../../../shared/ipc/build-events.ts';
import type { BuildView, StepView } from '../../stores/build-view.ts';
import { phases, stepDurationMs } from './build-words.ts';

/** When a step went, from the start of the build, in ms. */
export interface Bar {
  readonly step: StepView;
  readonly startMs: number;
  readonly durationMs: number;
}

/** The steps that have begun, in the order of the plan. `now` is in ms since 1970. */
export function barsOf(view: BuildView, now: number): readonly Bar[] {
  return view.steps.flatMap(step => {
    const { state } = step;
    if (state.kind === 'waiting' || state.startedAt === undefined) return [];
    const durationMs =
      stepDurationMs(state, now) ?? Math.max(0, (view.finishedAt ?? now) - state.startedAt);
    return [{ step, startMs: Math.max(0, state.startedAt - view.startedAt), durationMs }];
  });
}

/** How long the bars reach, in ms; at least 1, so that one can divide by it. */
export function spanMs(bars: readonly Bar[]): number {
  return Math.max(1, ...bars.map(({ startMs, durationMs }) => startMs + durationMs));
}

export interface PhaseSum {
  readonly phase: BuildPhase | 'other';
  readonly ms: number;
}

/** The time of one step by phase; `other` is what no phase accounts for. Phases that took nothing are left out. */
export function phasesOf({ step: { state }, durationMs }: Bar): readonly PhaseSum[] {
  const known = state.kind === 'ran' || state.kind === 'cached' ? state.phases : {};
  const sums = phases.flatMap(phase => {
    const ms = known[phase] ?? 0;
    return ms > 0 ? [{ phase, ms }] : [];
  });
  const rest = durationMs - sums.reduce((all, { ms }) => all + ms, 0);
  return rest >= 1 ? [...sums, { phase: 'other', ms: rest }] : sums;
}

/** Where the time of all steps went. Steps that ran side by side count each. */
export function phaseTotals(bars: readonly Bar[]): readonly PhaseSum[] {
  const all = bars.flatMap(phasesOf);
  return [...phases, 'other' as const].flatMap(phase => {
    const ms = all.reduce((sum, part) => (part.phase === phase ? sum + part.ms : sum), 0);
    return ms > 0 ? [{ phase, ms }] : [];
  });
}

const niceSteps = [1, 2, 5];

/** Marks for an axis over `span` ms: some round times, from 0. */
export function ticks(span: number): readonly number[] {
  const least = span / 5;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = niceSteps.map(nice => nice * power).find(size => size >= least) ?? 10 * power;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step);
}
