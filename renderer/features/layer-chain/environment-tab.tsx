import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type {
  EnvironmentConflict,
  EnvironmentVariable,
  EnvironmentView,
  VariableSource,
} from '../../../shared/ipc/inspect-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer } from '../../app/context/use-answers.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/digest.tsx';
import { formatPlural } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { instructionText } from './chain-words.ts';
import { Fact, Facts, Notes } from './facts.tsx';
import type { Inspected } from './inspected.ts';
import { LayerLink } from './layer-link.tsx';
import { MasterDetail } from './master-detail.tsx';

/** The environment as a process of the image sees it: each value, where it comes from, and what it hides. */
export function EnvironmentTab(inspected: Inspected) {
  const { at, summary } = inspected.selected;
  const { reference } = at;
  const asked = useAnswer('inspect.environment', { reference }, summary.manifestDigest);
  return (
    <Answered
      asked={asked}
      waiting="Reading the environment"
      failed="The environment could not be read"
    >
      {view => <Environment {...inspected} view={view} />}
    </Answered>
  );
}

function Environment(props: Inspected & { readonly view: EnvironmentView }) {
  const { view } = props;
  const [name, setName] = useState<string>();
  const variable = view.variables.find(candidate => candidate.name === name);
  return (
    <MasterDetail
      layout="environment"
      list={
        <div className="environment">
          <p className="panel-note muted" role="status">
            {formatPlural(view.variables.length, 'variable')} of a process that runs as{' '}
            <strong>{visible(view.user)}</strong>
            {view.userHive !== undefined && (
              <>
                ; those of the user are read from <code>{visible(view.userHive)}</code>
              </>
            )}
          </p>
          <Notes notes={view.notes} />
          {view.conflicts.length > 0 && <Conflicts conflicts={view.conflicts} />}
          <LongTable
            label="Environment variables"
            columns={columns}
            rows={view.variables}
            rowKey={row => row.name}
            selectedKey={name}
            onSelect={row => setName(row.name)}
            initialSorting={{ column: 'name', direction: 'ascending' }}
            minWidth="34rem"
          />
        </div>
      }
      label="Details of the selected variable"
      detail={
        variable === undefined ? (
          <p className="panel-note muted">
            Select a variable to see where its value comes from and what it hides.
          </p>
        ) : (
          <VariableDetail {...props} variable={variable} />
        )
      }
    />
  );
}

function Conflicts({ conflicts }: { readonly conflicts: readonly EnvironmentConflict[] }) {
  return (
    <ul className="cards" aria-label="Conflicts">
      {conflicts.map(({ kind, name, explanation, folders, fix }) => (
        <li key={`${kind} ${name}`} className="card card--warn">
          <TriangleAlert aria-hidden="true" />
          <div>
            <p>
              <strong className="mono">{visible(name)}</strong> {visible(explanation)}
            </p>
            {folders.length > 0 && (
              <ul className="card__folders mono">
                {folders.map(folder => (
                  <li key={folder}>{visible(folder)}</li>
                ))}
              </ul>
            )}
            {fix !== undefined && <Line text={fix} what="line for the Dockerfile" />}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A line to copy. */
function Line({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <p className="copy-line">
      <code>{visible(text)}</code>
      <CopyButton text={text} what={what} />
    </p>
  );
}

const sourceWords: { readonly [K in VariableSource['kind']]: string } = {
  machine: 'registry, machine',
  user: 'registry, user',
  config: 'image config',
  windows: 'Windows',
};

const columns: readonly Column<EnvironmentVariable>[] = [
  {
    column: 'name',
    title: 'Name',
    width: '14rem',
    sortValue: ({ name }) => name,
    render: ({ name }) => <code>{visible(name)}</code>,
  },
  {
    column: 'value',
    title: 'Value',
    render: ({ value }) => <code data-tooltip={visible(value)}>{visible(value)}</code>,
  },
  {
    column: 'from',
    title: 'From',
    width: '13rem',
    sortValue: ({ sources }) => sources.map(({ kind }) => sourceWords[kind]).join(', '),
    render: ({ sources, hidden }) => (
      <>
        {[...new Set(sources.map(({ kind }) => sourceWords[kind]))].join(' + ')}
        {hidden.length > 0 && <Badge tone="warn">hides {hidden.length}</Badge>}
      </>
    ),
  },
];

function VariableDetail(props: Inspected & { readonly variable: EnvironmentVariable }) {
  const { name, value, raw, sources, hidden } = props.variable;
  const isPath = /^path$/i.test(name);
  return (
    <>
      <h3 className="entry__title">
        <code>{visible(name)}</code>
        <CopyButton text={value} what="value" />
      </h3>
      <Facts>
        <Fact name="Value">
          {isPath ? (
            <ol className="path-list mono" aria-label="Folders of the path, in their order">
              {value.split(';').map((folder, index) => (
                <li key={index}>{visible(folder)}</li>
              ))}
            </ol>
          ) : (
            <code>{visible(value)}</code>
          )}
        </Fact>
        {raw !== undefined && (
          <Fact name="As it stands">
            <code>{visible(raw)}</code>
          </Fact>
        )}
      </Facts>
      <h4>Where it comes from</h4>
      {sources.map((source, index) => (
        <Source key={index} {...props} source={source} />
      ))}
      {hidden.length > 0 && <h4>What it hides, nearest first</h4>}
      {hidden.map((one, index) => (
        <div key={index} className="hidden-value">
          <code>{visible(one.value)}</code>
          <Source {...props} source={one.source} />
        </div>
      ))}
    </>
  );
}

function Source(props: Inspected & { readonly source: VariableSource }) {
  const { source, selected, layers, state } = props;
  switch (source.kind) {
    case 'windows':
      return <p className="source">Windows sets it when a process starts.</p>;
    case 'config':
      return (
        <div className="source">
          <p>
            The image config
            {source.createdBy !== undefined && (
              <>
                , set by <code>{instructionText(source.createdBy)}</code>
              </>
            )}
          </p>
          <ConfigPlaces reference={selected.at.reference} source={source} state={state} />
        </div>
      );
    case 'machine':
    case 'user':
      return (
        <div className="source">
          <p>
            The registry ({source.kind}), <span className="muted">{source.type}</span>{' '}
            <span className="mono">{visible(source.key)}</span>{' '}
            <CopyButton text={source.key} what="key" />
          </p>
          <LayerLink
            at={{ ...selected.at, layerIndex: source.layerIndex }}
            layers={layers}
            onSelect={state.select}
          />
        </div>
      );
  }
}

function ConfigPlaces(props: {
  readonly reference: string;
  readonly source: Extract<VariableSource, { kind: 'config' }>;
  readonly state: Inspected['state'];
}) {
  const { navigate } = useApp();
  const { historyPosition, dockerfileLine: line } = props.source;
  const at = { line: line ?? 0, character: 0 };
  return (
    <p className="source__actions">
      {line !== undefined && (
        <Button size="small" onClick={() => navigate.openEditorAt({ start: at, end: at })}>
          Dockerfile line {line + 1}
        </Button>
      )}
      {historyPosition !== undefined && (
        <Button
          size="small"
          onClick={() => props.state.showInstruction(props.reference, historyPosition)}
        >
          Show the instruction
        </Button>
      )}
    </p>
  );
}
