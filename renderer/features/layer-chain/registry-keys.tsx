import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type {
  RegistryHiveView,
  RegistryKeyPage,
  RegistryKeyRow,
  RegistryValueView,
} from '../../../shared/ipc/inspect-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { CopyButton } from '../../components/digest.tsx';
import { formatBytes, formatCount, formatPlural } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { ChangeMark } from './change-mark.tsx';
import { Fact, Facts, Notes, TimeFact } from './facts.tsx';
import type { Inspected } from './inspected.ts';
import type { PageOf } from './lazy-tree.ts';
import { LazyTreeView } from './lazy-tree-view.tsx';
import { MasterDetail } from './master-detail.tsx';
import { valueName } from './registry-words.ts';
import { SecurityFacts } from './security-facts.tsx';
import type { LayerAt } from './selection.ts';
import { useLazyTree, useReveal } from './use-lazy-tree.ts';

const pageRows = 500;

export interface RegistryKeysProps extends Inspected {
  /** A key to open what is above of, once for each such object. */
  readonly wanted: { readonly path: string } | undefined;
}

/** The registry as it is up to the layer: a tree of keys, and the values of the one that is selected. */
export function RegistryKeys({ selected, wanted }: RegistryKeysProps) {
  const { api } = useApp();
  const { at, layer } = selected;
  const [path, setPath] = useState<string | undefined>(wanted?.path);
  const state = useLazyTree<RegistryKeyRow>({
    question: JSON.stringify([at, layer.chainId]),
    separator: '\\',
    load: async (directory, offset, signal) => {
      const query = { ...at, path: directory, offset, limit: pageRows };
      return keysOf(await api.request('inspect.registryKey', query, signal));
    },
  });
  useReveal(state, wanted);
  return (
    <MasterDetail
      layout="registry-keys"
      list={
        <LazyTreeView
          label="Keys of the registry"
          state={state}
          opens={({ subkeys }) => subkeys > 0}
          renderRow={row => <KeyRowView row={row} />}
          selectedPath={path}
          onSelect={setPath}
          words={{
            waiting: 'Reading the hives',
            failed: 'The registry could not be read',
            empty: 'The image has no registry hives up to this layer.',
          }}
        />
      }
      label="Details of the selected key"
      detail={
        path === undefined ? (
          <p className="panel-note muted">Select a key to see its values.</p>
        ) : (
          <KeyDetail at={at} chainId={layer.chainId} path={path} />
        )
      }
      detailSize={50}
    />
  );
}

/** The keys of a page. Above all keys are the hives, each at its mount. */
function keysOf({ path, hives, keys, totalKeys }: RegistryKeyPage): PageOf<RegistryKeyRow> {
  if (path !== '') return { rows: keys, total: totalKeys };
  return { rows: hives.map(hiveRow), total: hives.length };
}

function hiveRow({ mount, files, problem }: RegistryHiveView): RegistryKeyRow {
  return {
    name: mount,
    path: mount,
    // How many is told by the key itself; what cannot be read has none to open.
    subkeys: problem === undefined ? 1 : 0,
    values: 0,
    modified: '',
    layerIndex: files.at(-1)?.layerIndex ?? 0,
  };
}

function KeyRowView({ row }: { readonly row: RegistryKeyRow }) {
  return (
    <span className="file-row">
      {row.change !== undefined && <ChangeMark change={row.change} short />}
      <span className="file-row__icon">
        <KeyRound aria-hidden="true" />
      </span>
      <span className="file-row__name truncate">{visible(row.name)}</span>
      <span className="file-row__size muted">
        {row.values > 0 && formatPlural(row.values, 'value')}
      </span>
    </span>
  );
}

const mostValues = 2000;

interface KeyDetailProps {
  readonly at: LayerAt;
  readonly chainId: string;
  readonly path: string;
}

function KeyDetail({ at, chainId, path }: KeyDetailProps) {
  const asked = useAnswer('inspect.registryKey', { ...at, path, limit: mostValues }, chainId);
  const answer = useHeld(asked.answer);
  return (
    <Answered
      asked={{ ...asked, answer }}
      waiting="Reading the key"
      failed="The key could not be read"
    >
      {page => (
        <>
          <h3 className="entry__title">
            <span className="mono">{visible(page.path)}</span>
            <CopyButton text={page.path} what="key" />
          </h3>
          <Notes notes={page.notes} />
          <Facts>
            <TimeFact name="Last written" time={page.modified} />
            <Fact name="Subkeys">{formatCount(page.totalKeys)}</Fact>
          </Facts>
          <HiveOf at={at} chainId={chainId} path={page.path} />
          <Values page={page} />
          {page.sddl !== undefined && <SecurityFacts sddl={page.sddl} of="key" />}
        </>
      )}
    </Answered>
  );
}

function isAbove(mount: string, path: string): boolean {
  return `${path}\\`.toLowerCase().startsWith(`${mount}\\`.toLowerCase());
}

/** The hive files that a key is read from. */
function HiveOf({ at, chainId, path }: KeyDetailProps) {
  const { answer } = useAnswer('inspect.registryKey', { ...at, path: '', limit: 1 }, chainId);
  if (answer.kind !== 'ready') return null;
  const hives = answer.value.hives.filter(({ mount }) => isAbove(mount, path));
  return hives.map(({ mount, files, problem }) => (
    <Facts key={mount}>
      <Fact name="Hive files">
        {files.map(({ layerIndex, path, kind, size }) => (
          <span key={`${layerIndex} ${path}`} className="hive-file">
            <span className="mono">{visible(path)}</span>{' '}
            <span className="muted">
              layer {layerIndex}, {kind}, {formatBytes(size)}
            </span>
          </span>
        ))}
      </Fact>
      {problem !== undefined && <Fact name="Problem">{visible(problem)}</Fact>}
    </Facts>
  ));
}

function Values({ page }: { readonly page: RegistryKeyPage }) {
  const { values, totalValues } = page;
  if (totalValues === 0) return <p className="panel-note muted">This key has no values.</p>;
  return (
    <>
      <div className="values-table">
        <LongTable
          label="Values of the key"
          columns={valueColumns}
          rows={values}
          rowKey={({ name }) => name}
          minWidth="30rem"
        />
      </div>
      {values.length < totalValues && (
        <p className="panel-note muted">
          The first {formatCount(values.length)} of {formatCount(totalValues)} values.
        </p>
      )}
    </>
  );
}

const valueColumns: readonly Column<RegistryValueView>[] = [
  {
    column: 'name',
    title: 'Name',
    sortValue: ({ name }) => name,
    render: ({ name }) => <span data-tooltip={visible(name)}>{visible(valueName(name))}</span>,
  },
  { column: 'type', title: 'Type', width: '9.5rem', render: ({ type }) => type },
  {
    column: 'data',
    title: 'Data',
    render: ({ text }) => <code data-tooltip={visible(text)}>{visible(text)}</code>,
  },
  {
    column: 'layer',
    title: 'Layer',
    width: '4.5rem',
    align: 'end',
    render: ({ layerIndex }) => layerIndex,
  },
];
