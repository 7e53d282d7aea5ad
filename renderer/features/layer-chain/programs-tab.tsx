import { useState } from 'react';
import type {
  ProgramBases as ProgramBasesView,
  ProgramImport,
  ProgramRow,
  ProgramsPage,
} from '../../../shared/ipc/inspect-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer, useRested } from '../../app/context/use-answers.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { formatBytes, formatCount, formatPlural } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import { Select } from '../../components/select.tsx';
import type { Column } from '../../components/table.tsx';
import { SearchField } from '../../components/text-field.tsx';
import type { Loadable } from '../../stores/loadable.ts';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { shortReference } from './chain-words.ts';
import { Fact, Facts, Notes } from './facts.tsx';
import type { Inspected } from './inspected.ts';
import { LayerLink } from './layer-link.tsx';
import { MasterDetail } from './master-detail.tsx';
import { ProgramBases } from './program-bases.tsx';
import { Segments } from './segments.tsx';
import { PagedTable } from './paged-table.tsx';
import { usePages, type Pages } from './use-pages.ts';

const pageRows = 500;

const scopes = [
  { value: 'image', label: 'All above the base' },
  { value: 'layer', label: 'In this layer' },
] as const;
const kinds = [
  { value: 'all', label: 'All' },
  { value: 'problems', label: 'With problems' },
] as const;
type Part = 'programs' | 'bases';
const partItems = [
  { value: 'programs', label: 'Programs' },
  { value: 'bases', label: 'Bases' },
] as const;

/** Whether the programs that the image adds can run on its base, and which base would do. */
export function ProgramsTab(inspected: Inspected) {
  const { at, summary } = inspected.selected;
  const { api } = useApp();
  const [part, setPart] = useState<Part>('programs');
  const [scope, setScope] = useState<'image' | 'layer'>('image');
  const [kind, setKind] = useState<'all' | 'problems'>('all');
  const [text, setText] = useState('');
  const searched = useRested(text);
  const query = {
    reference: at.reference,
    problemsOnly: kind === 'problems',
    ...(scope === 'layer' ? { layerIndex: at.layerIndex } : {}),
    ...(searched === '' ? {} : { text: searched }),
  };
  const pages = usePages(
    JSON.stringify([query, summary.manifestDigest]),
    async (offset, signal): Promise<ProgramsPage> =>
      await api.request('inspect.programs', { ...query, offset, limit: pageRows }, signal),
  );
  // Each base is opened for it: asked apart, so that the programs are there at once.
  const bases = useAnswer(
    'inspect.programBases',
    { reference: at.reference },
    summary.manifestDigest,
  );
  return (
    <div className="programs-tab">
      <div className="panel-bar">
        <Segments label="Show" value={part} options={partItems} onValueChange={setPart} />
        {part === 'programs' && (
          <>
            <SearchField
              label="Search programs by path"
              className="panel-bar__search"
              value={text}
              onValueChange={setText}
            />
            <Select
              label="Where"
              hideLabel
              value={scope}
              options={scopes}
              onValueChange={setScope}
            />
            <Segments label="Which" value={kind} options={kinds} onValueChange={setKind} />
          </>
        )}
      </div>
      <Answered
        asked={{ ...pages, answer: pages.first }}
        waiting="Reading the headers of the programs"
        failed="The programs could not be checked"
      >
        {page => (
          <>
            <Totals page={page} bases={bases.answer} />
            <Notes notes={page.notes} />
            {part === 'programs' ? (
              <Programs {...inspected} page={page} pages={pages} />
            ) : (
              <Answered
                asked={bases}
                waiting="Trying the programs on the bases of the store"
                failed="The bases could not be tried"
              >
                {view => <ProgramBases view={view} />}
              </Answered>
            )}
          </>
        )}
      </Answered>
    </div>
  );
}

interface TotalsProps {
  readonly page: ProgramsPage;
  readonly bases: Loadable<ProgramBasesView>;
}

function Totals({ page, bases }: TotalsProps) {
  const { totals, hasWow64 } = page;
  const bad = [
    { count: totals.missingLibraries, words: 'with missing libraries' },
    { count: totals.wrongArchitecture, words: 'of another architecture' },
    { count: totals.needsWow64, words: 'that need WoW64' },
    { count: totals.damaged, words: 'damaged' },
  ].filter(({ count }) => count > 0);
  return (
    <p className="panel-status" role="status">
      <span>
        {formatPlural(totals.programs, 'program')}, {formatCount(totals.libraries)} libraries
      </span>
      <Badge tone="ok">{formatCount(totals.runs)} can run</Badge>
      {bad.map(({ count, words }) => (
        <Badge key={words} tone="bad">
          {formatCount(count)} {words}
        </Badge>
      ))}
      {!hasWow64 && <span className="muted">no WoW64: 32-bit programs cannot run</span>}
      <span>
        Smallest base that would do: <strong>{smallestWords(bases)}</strong>
      </span>
    </p>
  );
}

function smallestWords(bases: Loadable<ProgramBasesView>): string {
  if (bases.kind === 'loading') return 'being looked for…';
  if (bases.kind === 'failed') return 'not known';
  const smallest = bases.value.smallestBase;
  return smallest === undefined ? 'none of the store' : shortReference(smallest);
}

const verdictWords: {
  readonly [V in ProgramRow['verdict']]: { readonly label: string; readonly tone: Tone };
} = {
  runs: { label: 'can run', tone: 'ok' },
  'missing-libraries': { label: 'libraries missing', tone: 'bad' },
  'wrong-architecture': { label: 'other architecture', tone: 'bad' },
  'needs-wow64': { label: 'needs WoW64', tone: 'bad' },
  damaged: { label: 'damaged', tone: 'warn' },
};

interface ProgramsProps extends Inspected {
  readonly page: ProgramsPage;
  readonly pages: Pages<ProgramsPage>;
}

function Programs(props: ProgramsProps) {
  const { page, pages } = props;
  const [chosen, setChosen] = useState<string>();
  const row = pages.rows.find(candidate => keyOf(candidate) === chosen);
  if (page.total === 0) {
    return (
      <p className="panel-note muted" role="status">
        No program fits what is chosen.
      </p>
    );
  }
  return (
    <MasterDetail
      layout="programs"
      list={
        <PagedTable
          label="Programs"
          columns={columns}
          pages={pages}
          rowKey={keyOf}
          selectedKey={chosen}
          onSelect={program => setChosen(keyOf(program))}
          minWidth="36rem"
        />
      }
      label="Details of the selected program"
      detail={
        row === undefined ? (
          <p className="panel-note muted">Select a program to see the libraries that it needs.</p>
        ) : (
          <ProgramDetail {...props} row={row} />
        )
      }
    />
  );
}

function keyOf({ layerIndex, path }: ProgramRow): string {
  return `${layerIndex} ${path}`;
}

const columns: readonly Column<ProgramRow>[] = [
  {
    column: 'path',
    title: 'Path',
    render: ({ path }) => (
      <span className="mono" data-tooltip={visible(path)}>
        {visible(path)}
      </span>
    ),
  },
  {
    column: 'verdict',
    title: 'Verdict',
    width: '10.5rem',
    render: ({ verdict }) => (
      <Badge tone={verdictWords[verdict].tone}>{verdictWords[verdict].label}</Badge>
    ),
  },
  { column: 'kind', title: 'Kind', width: '6.5rem', render: ({ kind }) => kind },
  {
    column: 'architecture',
    title: 'Architecture',
    width: '7.5rem',
    render: ({ architecture }) => architecture,
  },
  { column: 'layer', title: 'Layer', width: '4.5rem', align: 'end', render: row => row.layerIndex },
];

function ProgramDetail(props: Inspected & { readonly row: ProgramRow }) {
  const { row, selected, layers, state } = props;
  const at = { ...selected.at, layerIndex: row.layerIndex };
  return (
    <>
      <h3 className="entry__title mono">{visible(row.path)}</h3>
      <div className="entry__bar">
        <Button size="small" onClick={() => state.showFile(at, row.path)}>
          Show the file
        </Button>
      </div>
      <Facts>
        <Fact name="Verdict">
          <Badge tone={verdictWords[row.verdict].tone}>{verdictWords[row.verdict].label}</Badge>
        </Fact>
        {row.problem !== undefined && <Fact name="Problem">{visible(row.problem)}</Fact>}
        <Fact name="Kind">
          {row.kind}, {row.subsystem}, {row.architecture}
          {row.managed && ', .NET'}
        </Fact>
        <Fact name="Size">{formatBytes(row.size)}</Fact>
        <Fact name="Layer">
          <LayerLink at={at} layers={layers} onSelect={state.select} />
        </Fact>
      </Facts>
      {row.imports.length > 0 && (
        <>
          <h4>Imports ({formatCount(row.imports.length)})</h4>
          <div className="values-table">
            <LongTable
              label="Imported libraries"
              columns={importColumns}
              rows={row.imports}
              rowKey={({ library, delayed }) => `${library} ${delayed}`}
            />
          </div>
        </>
      )}
    </>
  );
}

const importColumns: readonly Column<ProgramImport>[] = [
  {
    column: 'library',
    title: 'Library',
    sortValue: ({ library }) => library,
    render: ({ library, delayed }) => (
      <>
        <code>{visible(library)}</code>
        {delayed && <span className="muted"> delayed</span>}
      </>
    ),
  },
  {
    column: 'found',
    title: 'Found',
    render: ({ resolution }) => <Found resolution={resolution} />,
  },
];

function Found({ resolution }: Pick<ProgramImport, 'resolution'>) {
  switch (resolution.kind) {
    case 'file':
      return <span className="mono">{visible(resolution.path)}</span>;
    case 'api-set':
      return (
        <span>
          API set of <span className="mono">{visible(resolution.host)}</span>{' '}
          <span className="muted">by {resolution.by}</span>
        </span>
      );
    case 'missing':
      return resolution.optional ? (
        <Badge tone="warn">missing, can do without</Badge>
      ) : (
        <Badge tone="bad">missing</Badge>
      );
  }
}
