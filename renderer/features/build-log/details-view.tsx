import type { ReactNode } from 'react';
import type { RunOptions } from '../../../shared/ipc/build-request.ts';
import type { BuildDetail } from '../../../shared/ipc/build-views.ts';
import { Digest } from '../../components/digest.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatDuration, formatPlural, formatTime } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import type { BuildView } from '../../stores/build-view.ts';
import { wordsOfStatus } from './build-words.ts';

/** What was asked for, and what came of it. */
export function DetailsView({
  view,
  detail,
}: {
  readonly view: BuildView;
  readonly detail: BuildDetail | undefined;
}) {
  return (
    <div className="details">
      {view.failure && view.failure.code !== 'cancelled' && (
        <FailureView title="The build failed" failure={view.failure} />
      )}
      <Facts title="Result" facts={resultFacts(view)} />
      {detail && <Facts title="Request" facts={requestFacts(detail)} />}
    </div>
  );
}

type Fact = readonly [name: string, value: ReactNode];

function Facts({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl className="details__facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function resultFacts({
  status,
  result,
  startedAt,
  finishedAt,
  backend,
  backendReason,
  buildId,
}: BuildView): Fact[] {
  return [
    ['State', wordsOfStatus(status).label],
    ['Build', <code key="id">{buildId}</code>],
    ['Backend', backendReason === undefined ? backend : `${backend}: ${visible(backendReason)}`],
    ['Started', formatTime(startedAt)],
    ...(finishedAt === undefined
      ? []
      : [['Took', formatDuration(finishedAt - startedAt)] as const]),
    ...(result === undefined
      ? []
      : [
          [
            'Manifest',
            <Digest key="manifest" digest={result.manifestDigest} what="manifest digest" />,
          ] as const,
          [
            'Config',
            <Digest key="config" digest={result.configDigest} what="config digest" />,
          ] as const,
          ['Tags', words(result.tags)] as const,
          ['Layers', formatPlural(result.layers, 'layer')] as const,
        ]),
  ];
}

function requestFacts({ request, summary }: BuildDetail): Fact[] {
  return [
    ['Context', visible(request.contextDir)],
    ['Dockerfile', visible(summary.dockerfile)],
    ['Tags', words(request.tags)],
    ['Target', visible(request.target ?? 'the last stage')],
    ['Platform', visible(request.platform ?? 'that of the base')],
    ['Backend', request.backend],
    ['Cache', request.noCache ? 'not used' : 'used'],
    ['Compression', request.compression],
    ['Times of files', request.timestamps],
    ...(request.sourceDateEpoch === undefined
      ? []
      : [['SOURCE_DATE_EPOCH', String(request.sourceDateEpoch)] as const]),
    ['Build arguments', pairs(request.buildArgs)],
    ['Labels', pairs(request.labels)],
    ['Named contexts', pairs(request.namedContexts)],
    ...(summary.backend === 'hcs' ? runFacts(request.run) : []),
  ];
}

function runFacts(run: RunOptions): Fact[] {
  const { cpus, memoryBytes, scratchBytes, timeoutSeconds } = run;
  return [
    ['Isolation of RUN', run.isolation],
    ['Network of RUN', visible(run.network)],
    ...(memoryBytes === undefined ? [] : [['Memory', formatBytes(memoryBytes)] as const]),
    ...(cpus === undefined ? [] : [['Processors', String(cpus)] as const]),
    ...(scratchBytes === undefined ? [] : [['Scratch', formatBytes(scratchBytes)] as const]),
    ...(timeoutSeconds === undefined
      ? []
      : [['Time limit', formatDuration(timeoutSeconds * 1000)] as const]),
    ['Secrets', words(Object.keys(run.secrets))],
    ['Failed steps', run.keepFailed ? 'kept' : 'removed'],
  ];
}

function words(values: readonly string[]): ReactNode {
  return values.length === 0 ? <span className="muted">none</span> : values.map(visible).join(', ');
}

function pairs(record: Readonly<Record<string, string>>): ReactNode {
  return words(Object.entries(record).map(([name, value]) => `${name}=${value}`));
}
