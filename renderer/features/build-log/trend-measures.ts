import type { TrendPoint } from '../../../shared/ipc/history-views.ts';
import { formatBytes, formatDuration } from '../../components/format.ts';

/** Something about builds that goes up and down. */
export interface Measure {
  readonly title: string;
  /** Undefined where it is not known of a build. */
  readonly valueOf: (point: TrendPoint) => number | undefined;
  readonly tell: (value: number) => string;
  /** The top of the chart is at least so high. */
  readonly least: number;
}

export const measures: readonly Measure[] = [
  {
    title: 'Duration',
    valueOf: ({ durationMs }) => durationMs,
    tell: formatDuration,
    least: 1,
  },
  {
    title: 'Own layers',
    valueOf: ({ layerBytes }) => layerBytes,
    tell: formatBytes,
    least: 1,
  },
  {
    title: 'From the cache',
    valueOf: ({ cachedSteps, steps }) => (steps === 0 ? undefined : (cachedSteps / steps) * 100),
    tell: value => `${Math.round(value)} %`,
    least: 100,
  },
];
