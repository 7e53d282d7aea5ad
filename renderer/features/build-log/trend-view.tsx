import { useApp } from '../../app/context.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { FailureView } from '../../components/failure-view.tsx';
import {
  formatBytes,
  formatDuration,
  formatPercent,
  formatPlural,
  formatTime,
} from '../../components/format.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { classNames } from '../../components/class-names.ts';
import type { TrendPoint } from '../../../shared/ipc/history-views.ts';
import type { BuildView } from '../../stores/build-view.ts';
import { wordsOfStatus } from './build-words.ts';
import { measures, type Measure } from './trend-measures.ts';

const mostPoints = 60;

/** How the builds of the folder went: times, sizes and the cache, build after build. */
export function TrendView({ view }: { readonly view: BuildView }) {
  const { contextDir, status } = view;
  const input = { contextDir, limit: mostPoints };
  const { answer, retry } = useAnswer('history.trend', input, status);
  const trend = useHeld(answer);
  if (trend.kind === 'loading') return <Skeleton label="Loading the builds of the folder" />;
  if (trend.kind === 'failed') {
    return (
      <FailureView
        title="The builds of the folder could not be read"
        failure={trend.failure}
        onRetry={retry}
      />
    );
  }
  return <Trend points={trend.value} view={view} />;
}

function Trend({
  points,
  view,
}: {
  readonly points: readonly TrendPoint[];
  readonly view: BuildView;
}) {
  const { navigate } = useApp();
  return (
    <div className="trend">
      <p className="muted">
        The last {formatPlural(points.length, 'build')} of {visible(view.contextDir)}, the newest at
        the right.
      </p>
      <div className="trend__charts">
        {measures.map(measure => (
          <Chart key={measure.title} measure={measure} points={points} current={view.buildId} />
        ))}
      </div>
      <section aria-label="Builds of the folder">
        <Table
          label="Builds of the folder"
          columns={columns}
          rows={points}
          rowKey={({ buildId }) => buildId}
          selectedKey={view.buildId}
          onActivate={({ buildId }) => navigate.showBuild(buildId)}
          initialSorting={{ column: 'started', direction: 'descending' }}
          minWidth="38rem"
        />
      </section>
    </div>
  );
}

interface ChartProps {
  readonly measure: Measure;
  readonly points: readonly TrendPoint[];
  readonly current: string;
}

/** A picture only: the table below says the same. */
function Chart({ measure, points, current }: ChartProps) {
  const { title, valueOf, tell, least } = measure;
  const most = Math.max(least, ...points.map(point => valueOf(point) ?? 0));
  const latest = points.findLast(point => valueOf(point) !== undefined);
  const value = latest === undefined ? undefined : valueOf(latest);
  return (
    <figure className="trend__chart">
      <figcaption>
        {title}
        <span className="muted numeric">{value === undefined ? '' : tell(value)}</span>
      </figcaption>
      <div className="trend__bars" aria-hidden="true">
        {points.map(point => {
          const height = valueOf(point);
          return (
            <span
              key={point.buildId}
              className={classNames(
                'trend__bar',
                `trend__bar--${wordsOfStatus(point.status).tone}`,
                point.buildId === current && 'trend__bar--current',
              )}
              style={{
                height: `${height === undefined ? 0 : Math.max(2, (height / most) * 100)}%`,
              }}
              data-tooltip={`${formatTime(point.startedAt)}: ${height === undefined ? 'unknown' : tell(height)}`}
            />
          );
        })}
      </div>
    </figure>
  );
}

const columns: readonly Column<TrendPoint>[] = [
  {
    column: 'started',
    title: 'Started',
    sortValue: ({ startedAt }) => startedAt,
    render: ({ startedAt }) => formatTime(startedAt),
  },
  {
    column: 'status',
    title: 'Result',
    width: '7rem',
    sortValue: ({ status }) => status,
    render: ({ status }) => wordsOfStatus(status).label,
  },
  {
    column: 'duration',
    title: 'Took',
    width: '7rem',
    align: 'end',
    sortValue: ({ durationMs }) => durationMs,
    render: ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)),
  },
  {
    column: 'cached',
    title: 'From the cache',
    width: '9rem',
    align: 'end',
    sortValue: ({ cachedSteps, steps }) => (steps === 0 ? undefined : cachedSteps / steps),
    render: ({ cachedSteps, steps }) =>
      `${cachedSteps} of ${steps}, ${formatPercent(cachedSteps, steps)}`,
  },
  {
    column: 'size',
    title: 'Own layers',
    width: '7rem',
    align: 'end',
    sortValue: ({ layerBytes }) => layerBytes,
    render: ({ layerBytes }) => (layerBytes === undefined ? '' : formatBytes(layerBytes)),
  },
];
