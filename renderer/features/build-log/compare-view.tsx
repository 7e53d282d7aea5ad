import { useState } from 'react';
import { isSecretName } from '../../../shared/dockerfile/secret-names.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { tellCacheStory } from '../../../shared/ipc/cache-words.ts';
import type {
  BuildComparison,
  InputDifference,
  StepPair,
  StepRun,
} from '../../../shared/ipc/history-views.ts';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatDuration, formatTime } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import type { BuildView } from '../../stores/build-view.ts';
import { valueOr } from '../../stores/loadable.ts';
import { wordsOfStatus } from './build-words.ts';

/** Builds of the folder that one can compare with. */
const mostOffered = 50;

/** What changed from another build of the folder to this one, and what took longer. */
export function CompareView({ view }: { readonly view: BuildView }) {
  const { buildId, contextDir, status } = view;
  const [otherId, setOtherId] = useState('');
  const list = useAnswer('build.list', { contextDir, limit: mostOffered }, status).answer;
  const others = valueOr(useHeld(list), { builds: [], total: 0 }).builds.filter(
    build => build.buildId !== buildId,
  );
  const chosen = otherId === '' ? {} : { otherId };
  const { answer, retry } = useAnswer('history.compare', { buildId, ...chosen }, status);
  const comparison = useHeld(answer);
  return (
    <div className="compare">
      <Select
        label="Compare with"
        className="compare__choice"
        value={otherId}
        options={[
          { value: '', label: 'The build before it' },
          ...others.map(build => ({ value: build.buildId, label: buildLabel(build) })),
        ]}
        onValueChange={setOtherId}
      />
      {comparison.kind === 'loading' && <Skeleton label="Comparing" />}
      {comparison.kind === 'failed' && <NoComparison answer={comparison} onRetry={retry} />}
      {comparison.kind === 'ready' && <Comparison comparison={comparison.value} />}
    </div>
  );
}

type FailedComparison = Extract<ReturnType<typeof useAnswer>['answer'], { kind: 'failed' }>;

/** The first build of a folder has none before it, which is no failure. */
function NoComparison(props: { readonly answer: FailedComparison; readonly onRetry: () => void }) {
  const { failure } = props.answer;
  if (failure.code === 'build-alone') {
    return <p className="muted">Nothing was built from this Dockerfile before.</p>;
  }
  return (
    <FailureView
      title="The builds could not be compared"
      failure={failure}
      onRetry={props.onRetry}
    />
  );
}

function Comparison({ comparison }: { readonly comparison: BuildComparison }) {
  const { after, before, inputs, largerBytes, sameImage, slowerMs, steps } = comparison;
  return (
    <>
      <p className="compare__sum" role="status">
        Compared with the build of {formatTime(before.startedAt)} (
        {wordsOfStatus(before.status).label.toLowerCase()}), this one{' '}
        {slowerMs === undefined
          ? wordsOfStatus(after.status).label.toLowerCase()
          : slowerText(slowerMs)}
        {largerBytes !== undefined && largerBytes !== 0 && `; ${largerText(largerBytes)}`}
        {sameImage !== undefined &&
          (sameImage ? '; both made the same image' : '; they made different images')}
        .
      </p>
      {inputs.length > 0 && (
        <section aria-label="Asked for in another way">
          <h3>Asked for in another way</h3>
          <ul className="compare__inputs">
            {inputs.map(input => (
              <li key={input.field}>{inputText(input)}</li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Steps of both builds">
        <h3>Steps</h3>
        <Table
          label="Steps of both builds"
          columns={columns}
          rows={steps}
          rowKey={({ after: now, before: then }) => `${then?.stepId ?? '-'} ${now?.stepId ?? '-'}`}
          minWidth="45rem"
        />
      </section>
    </>
  );
}

type Change = Exclude<StepPair['kind'], 'same'>;

const kindWords: Readonly<Record<Change, { label: string; tone: Tone }>> = {
  changed: { label: 'Changed', tone: 'warn' },
  added: { label: 'New', tone: 'ok' },
  removed: { label: 'Gone', tone: 'bad' },
};

const columns: readonly Column<StepPair>[] = [
  {
    column: 'step',
    title: 'Step',
    render: pair => <StepText pair={pair} />,
  },
  {
    column: 'kind',
    title: 'Text',
    width: '5.5rem',
    sortValue: ({ kind }) => kind,
    render: ({ kind }) =>
      kind === 'same' ? (
        <span className="muted">same</span>
      ) : (
        <Badge tone={kindWords[kind].tone}>{kindWords[kind].label}</Badge>
      ),
  },
  {
    column: 'before',
    title: 'Before',
    width: '8.25rem',
    align: 'end',
    sortValue: ({ before }) => before?.durationMs,
    render: ({ before }) => runText(before),
  },
  {
    column: 'after',
    title: 'After',
    width: '8.25rem',
    align: 'end',
    sortValue: ({ after }) => after?.durationMs,
    render: ({ after }) => runText(after),
  },
  {
    column: 'slower',
    title: 'Slower',
    width: '6.5rem',
    align: 'end',
    sortValue: ({ slowerMs }) => slowerMs,
    render: ({ slowerMs }) => (slowerMs === undefined ? '' : signed(slowerMs)),
  },
  {
    column: 'layer',
    title: 'Layer',
    width: '4.5rem',
    sortValue: ({ sameLayer }) => (sameLayer === undefined ? undefined : Number(sameLayer)),
    render: ({ sameLayer }) => (sameLayer === undefined ? '' : sameLayer ? 'same' : 'other'),
  },
];

/** The instruction, and why it ran where it did. */
function StepText({ pair }: { readonly pair: StepPair }) {
  const run = pair.after ?? pair.before;
  const text = visible(run?.text ?? '');
  const { cache, outcome } = pair.after ?? {};
  const why = cache === undefined || outcome !== 'ran' ? '' : tellCacheStory(cache, formatTime);
  return (
    <span className="compare__step" data-tooltip={why === '' ? text : `${text}: ${visible(why)}`}>
      <span className="truncate">{text}</span>
      {why !== '' && <span className="muted truncate">{visible(why)}</span>}
    </span>
  );
}

function buildLabel(build: BuildSummary): string {
  return `${formatTime(build.startedAt)}, ${wordsOfStatus(build.status).label.toLowerCase()}`;
}

function runText(run: StepRun | undefined): string {
  if (run === undefined) return '';
  const time = run.durationMs === undefined ? '' : ` ${formatDuration(run.durationMs)}`;
  return `${run.outcome}${time}`;
}

function inputText({ after, before, field }: InputDifference): string {
  const hidden = isSecretName(field.slice(field.lastIndexOf('.') + 1));
  const shown = (value: string | undefined): string =>
    value === undefined || value === '' ? 'nothing' : hidden ? 'hidden' : visible(value);
  return `${visible(field)}: ${shown(before)} → ${shown(after)}`;
}

function slowerText(ms: number): string {
  if (ms === 0) return 'took as long';
  return `took ${formatDuration(Math.abs(ms))} ${ms > 0 ? 'longer' : 'less'}`;
}

function largerText(bytes: number): string {
  return `its layers are ${formatBytes(Math.abs(bytes))} ${bytes > 0 ? 'larger' : 'smaller'}`;
}

function signed(ms: number): string {
  return `${ms > 0 ? '+' : ms < 0 ? '−' : ''}${formatDuration(Math.abs(ms))}`;
}
