import { useState } from 'react';
import type { FoundEntry, FoundPage } from '../../../shared/ipc/layer-views.ts';
import { useApp } from '../../app/context.tsx';
import { useRested } from '../../app/context/use-answers.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { formatBytes, formatPlural, formatTime } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import type { Column } from '../../components/table.tsx';
import { SearchField, TextField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import type { Inspected } from './inspected.ts';
import { emptySearch, readForm, type ReadForm, type SearchForm } from './search-query.ts';
import { PagedTable } from './paged-table.tsx';
import { usePages } from './use-pages.ts';
import './search-tab.css';

const pageRows = 500;

/** Finds files in all layers of the image at once, also those that upper layers hide. */
export function SearchTab({ selected, state }: Inspected) {
  const { api } = useApp();
  const { reference } = selected.at;
  const [form, setForm] = useState(emptySearch);
  const [found, setFound] = useState<FoundEntry>();
  const rested = useRested(form);
  const { query } = readForm(rested);
  const { problems } = readForm(form);
  const pages = usePages(
    JSON.stringify([query, selected.summary.manifestDigest]),
    async (offset, signal): Promise<FoundPage> =>
      await api.request('layer.find', { reference, ...query, offset, limit: pageRows }, signal),
  );
  const show = ({ layerIndex, path }: FoundEntry) =>
    state.showFile({ reference, layerIndex }, path);
  return (
    <div className="search-tab">
      <FormBar form={form} onForm={setForm} problems={problems} />
      <Answered
        asked={{ ...pages, answer: pages.first }}
        waiting="Searching all layers"
        failed="The search failed"
      >
        {({ total }) => (
          <>
            <div className="panel-status">
              <p role="status" className="muted">
                {formatPlural(total, 'entry', 'entries')} found in all layers
              </p>
              {found && (
                <>
                  <Button size="small" onClick={() => show(found)}>
                    Show in layer {found.layerIndex}
                  </Button>
                  {found.contentHash !== undefined && (
                    <Button
                      size="small"
                      onClick={() =>
                        setForm({ ...emptySearch, mode: 'hash', text: found.contentHash ?? '' })
                      }
                    >
                      Same content
                    </Button>
                  )}
                </>
              )}
            </div>
            {total > 0 && (
              <PagedTable
                label="Files found in all layers"
                columns={columns}
                pages={pages}
                rowKey={keyOf}
                selectedKey={found && keyOf(found)}
                onSelect={setFound}
                onActivate={show}
                minWidth="46rem"
              />
            )}
          </>
        )}
      </Answered>
    </div>
  );
}

function keyOf({ path, layerIndex, kind }: FoundEntry): string {
  return `${layerIndex} ${kind} ${path}`;
}

const modes = [
  { value: 'text', label: 'Path contains' },
  { value: 'glob', label: 'Glob' },
  { value: 'hash', label: 'Content hash' },
] as const;

const folders = [
  { value: 'without', label: 'Files and links' },
  { value: 'with', label: 'Folders too' },
] as const;

const states = [
  { value: 'any', label: 'Shown or hidden' },
  { value: 'shown', label: 'In the image' },
  { value: 'hidden', label: 'Hidden by upper layers' },
] as const;

const fieldLabels = { text: 'Text', glob: 'Pattern', hash: 'Start of the sha256' } as const;
const placeholders = { text: 'notepad.exe', glob: '**/*.pdb', hash: 'sha256:0a1b2c3d' } as const;

function FormBar(props: {
  readonly form: SearchForm;
  readonly onForm: (form: SearchForm) => void;
  readonly problems: ReadForm['problems'];
}) {
  const { form, onForm, problems } = props;
  const change = (part: Partial<SearchForm>) => onForm({ ...form, ...part });
  const day = (label: string, field: 'from' | 'to') => (
    <TextField
      type="date"
      label={label}
      className="search-tab__day"
      value={form[field]}
      onValueChange={value => change({ [field]: value })}
    />
  );
  const size = (label: string, field: 'minSize' | 'maxSize') => (
    <TextField
      label={label}
      className="search-tab__size"
      placeholder="10 MiB"
      value={form[field]}
      onValueChange={value => change({ [field]: value })}
      {...(problems[field] === undefined ? {} : { error: problems[field] })}
    />
  );
  return (
    <div className="panel-bar search-tab__form" role="search" aria-label="All layers">
      <Select
        label="Search by"
        value={form.mode}
        options={modes}
        onValueChange={mode => change({ mode })}
      />
      <div className="search-tab__text">
        <SearchField
          label={fieldLabels[form.mode]}
          value={form.text}
          placeholder={placeholders[form.mode]}
          onValueChange={text => change({ text })}
        />
        {problems.text !== undefined && <p className="field__error">{problems.text}</p>}
      </div>
      {size('At least', 'minSize')}
      {size('At most', 'maxSize')}
      {day('Modified from', 'from')}
      {day('Modified to', 'to')}
      <Select
        label="Kind"
        value={form.folders}
        options={folders}
        onValueChange={value => change({ folders: value })}
      />
      <Select
        label="State"
        value={form.state}
        options={states}
        onValueChange={value => change({ state: value })}
      />
    </div>
  );
}

const columns: readonly Column<FoundEntry>[] = [
  {
    column: 'path',
    title: 'Path',
    render: ({ path, target }) => (
      <span className="mono" data-tooltip={visible(path)}>
        {visible(path)}
        {target !== undefined && <span className="muted"> → {visible(target)}</span>}
      </span>
    ),
  },
  { column: 'kind', title: 'Kind', width: '7rem', render: ({ kind }) => kind },
  { column: 'layer', title: 'Layer', width: '4.5rem', align: 'end', render: row => row.layerIndex },
  {
    column: 'size',
    title: 'Size',
    width: '7rem',
    align: 'end',
    render: ({ size }) => formatBytes(size),
  },
  {
    column: 'modified',
    title: 'Modified',
    width: '11rem',
    render: ({ modified }) => (modified === undefined ? '' : formatTime(Date.parse(modified))),
  },
  {
    column: 'state',
    title: 'State',
    width: '7rem',
    render: ({ state }) =>
      state === 'hidden' ? <Badge tone="warn">hidden</Badge> : <Badge tone="ok">shown</Badge>,
  },
];
