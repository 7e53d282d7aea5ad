import { formatDuration, formatPercent } from '../../components/format.ts';
import { Table, type Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import type { BuildView } from '../../stores/build-view.ts';
import { wordsOfState } from './build-words.ts';
import {
  barsOf,
  phasesOf,
  phaseTotals,
  spanMs,
  ticks,
  type Bar,
  type PhaseSum,
} from './waterfall.ts';

export interface TimingViewProps {
  readonly view: BuildView;
  readonly now: number;
  readonly onSelect: (stepId: string) => void;
}

/** Where the time went: by phase, as bars over time, and as a table. */
export function TimingView({ view, now, onSelect }: TimingViewProps) {
  const bars = barsOf(view, now);
  if (bars.length === 0) {
    return <p className="timing__none muted">No step has begun.</p>;
  }
  return (
    <div className="timing">
      <PhaseBar totals={phaseTotals(bars)} />
      <section aria-label="Steps over time">
        <h3>Steps over time</h3>
        <Waterfall view={view} bars={bars} />
      </section>
      <section aria-label="Times">
        <h3>Times</h3>
        <Table
          label="Times of the steps"
          columns={columns}
          rows={bars}
          rowKey={bar => bar.step.stepId}
          onActivate={bar => onSelect(bar.step.stepId)}
          minWidth="38rem"
        />
      </section>
    </div>
  );
}

function PhaseBar({ totals }: { readonly totals: readonly PhaseSum[] }) {
  const all = totals.reduce((sum, { ms }) => sum + ms, 0);
  return (
    <section aria-label="Time by phase">
      <h3>Time by phase</h3>
      <div className="timing__phases" aria-hidden="true">
        {totals.map(({ phase, ms }) => (
          <span key={phase} className={`phase phase--${phase}`} style={{ flexGrow: ms }} />
        ))}
      </div>
      <ul className="timing__legend">
        {totals.map(({ phase, ms }) => (
          <li key={phase}>
            <span className={`phase phase--${phase}`} aria-hidden="true" />
            {phase} <span className="numeric">{formatDuration(ms)}</span>{' '}
            <span className="muted numeric">{formatPercent(ms, all)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A picture only: the table below says the same. */
function Waterfall({ view, bars }: { readonly view: BuildView; readonly bars: readonly Bar[] }) {
  const span = spanMs(bars);
  const percent = (ms: number): string => `${(ms / span) * 100}%`;
  return (
    <div className="waterfall" aria-hidden="true">
      <div className="waterfall__axis">
        {ticks(span).map(ms => (
          <span key={ms} style={{ insetInlineStart: percent(ms) }}>
            {ms === 0 ? '0' : formatDuration(ms)}
          </span>
        ))}
      </div>
      {view.stages.map(({ stage, stageName }) => (
        <div key={stage} className="waterfall__stage">
          <h4>{visible(stageName ?? `stage ${stage}`)}</h4>
          {bars
            .filter(({ step }) => step.stage === stage)
            .map(bar => (
              <div key={bar.step.stepId} className="waterfall__row">
                <span className="waterfall__name truncate">{visible(bar.step.text)}</span>
                <span className="waterfall__lane">
                  <span
                    className={`waterfall__bar waterfall__bar--${bar.step.state.kind}`}
                    style={{
                      insetInlineStart: percent(bar.startMs),
                      width: percent(bar.durationMs),
                    }}
                    data-tooltip={`${formatDuration(bar.durationMs)}, ${wordsOfState(bar.step.state).label}`}
                  >
                    {phasesOf(bar).map(({ phase, ms }) => (
                      <span
                        key={phase}
                        className={`phase phase--${phase}`}
                        style={{ flexGrow: ms }}
                      />
                    ))}
                  </span>
                </span>
              </div>
            ))}
        </div>
      ))}
    </div>
  );
}

const columns: readonly Column<Bar>[] = [
  {
    column: 'step',
    title: 'Step',
    render: ({ step }) => <span data-tooltip={visible(step.text)}>{visible(step.text)}</span>,
  },
  {
    column: 'state',
    title: 'State',
    width: '6rem',
    sortValue: ({ step }) => step.state.kind,
    render: ({ step }) => wordsOfState(step.state).label,
  },
  {
    column: 'start',
    title: 'Begins at',
    width: '6.5rem',
    align: 'end',
    sortValue: ({ startMs }) => startMs,
    render: ({ startMs }) => formatDuration(startMs),
  },
  {
    column: 'duration',
    title: 'Takes',
    width: '6.5rem',
    align: 'end',
    sortValue: ({ durationMs }) => durationMs,
    render: ({ durationMs }) => formatDuration(durationMs),
  },
  {
    column: 'phases',
    title: 'In',
    width: '34%',
    render: bar =>
      phasesOf(bar)
        .map(({ phase, ms }) => `${phase} ${formatDuration(ms)}`)
        .join(', '),
  },
];
