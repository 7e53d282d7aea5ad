import { useState } from 'react';
import type { RegistryFoundPage, RegistryHit } from '../../../shared/ipc/inspect-views.ts';
import { useApp } from '../../app/context.tsx';
import { useRested } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { formatCount, formatPlural } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import type { Column } from '../../components/table.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { Notes } from './facts.tsx';
import type { Inspected } from './inspected.ts';
import { PagedTable } from './paged-table.tsx';
import { partWords, registryQuery, type RegistryForm, valueName } from './registry-words.ts';
import { usePages } from './use-pages.ts';

export interface RegistrySearchProps extends Inspected {
  /** Shows a key in the tree. */
  readonly onKey: (path: string) => void;
}

const pageRows = 500;
const emptyForm: RegistryForm = { text: '', mode: 'text', part: 'any', layers: 'all' };

/** Finds keys, names of values and data in all hives up to the layer. */
export function RegistrySearch(props: RegistrySearchProps) {
  const [form, setForm] = useState(emptyForm);
  const query = registryQuery(useRested(form));
  return (
    <>
      <FormBar form={form} onForm={setForm} />
      {query === undefined ? (
        <p className="panel-note muted">
          Looks in the names of all keys and values and in their data, of all hives up to this
          layer.
        </p>
      ) : (
        <Found key={JSON.stringify(query)} {...props} query={query} />
      )}
    </>
  );
}

const modes = [
  { value: 'text', label: 'Contains' },
  { value: 'glob', label: 'Pattern (* and ?)' },
] as const;
const parts = [
  { value: 'any', label: 'Names and data' },
  { value: 'key', label: 'Keys' },
  { value: 'name', label: 'Names of values' },
  { value: 'data', label: 'Data' },
] as const;
const layerChoices = [
  { value: 'all', label: 'All layers up to this' },
  { value: 'this', label: 'Written by this layer' },
] as const;

function FormBar(props: {
  readonly form: RegistryForm;
  readonly onForm: (form: RegistryForm) => void;
}) {
  const { form, onForm } = props;
  const change = (part: Partial<RegistryForm>) => onForm({ ...form, ...part });
  return (
    <div className="panel-bar" role="search" aria-label="The registry">
      <Select
        label="Search by"
        hideLabel
        value={form.mode}
        options={modes}
        onValueChange={mode => change({ mode })}
      />
      <SearchField
        label="Search the registry"
        className="panel-bar__search"
        value={form.text}
        placeholder={form.mode === 'glob' ? 'HKLM\\SOFTWARE\\*\\Run' : 'ImagePath'}
        onValueChange={text => change({ text })}
      />
      <Select
        label="Search in"
        hideLabel
        value={form.part}
        options={parts}
        onValueChange={part => change({ part })}
      />
      <Select
        label="Of which layers"
        hideLabel
        value={form.layers}
        options={layerChoices}
        onValueChange={layers => change({ layers })}
      />
    </div>
  );
}

interface FoundProps extends RegistrySearchProps {
  readonly query: NonNullable<ReturnType<typeof registryQuery>>;
}

function Found({ selected, query, onKey }: FoundProps) {
  const { api } = useApp();
  const { at, layer } = selected;
  const [chosen, setChosen] = useState<RegistryHit>();
  const pages = usePages(
    JSON.stringify([at, query, layer.chainId]),
    async (offset, signal): Promise<RegistryFoundPage> =>
      await api.request(
        'inspect.registrySearch',
        { ...at, ...query, offset, limit: pageRows },
        signal,
      ),
  );
  return (
    <Answered
      asked={{ ...pages, answer: pages.first }}
      waiting="Searching all hives"
      failed="The registry could not be searched"
    >
      {({ total, searchedKeys, notes }) => (
        <>
          <Notes notes={notes} />
          <div className="panel-status">
            <p role="status" className="muted">
              {formatPlural(total, 'place')} found in {formatCount(searchedKeys)} keys
            </p>
            {chosen && (
              <Button size="small" onClick={() => onKey(chosen.path)}>
                Show the key
              </Button>
            )}
          </div>
          {total > 0 && (
            <PagedTable
              label="Found in the registry"
              columns={columns}
              pages={pages}
              rowKey={keyOf}
              selectedKey={chosen && keyOf(chosen)}
              onSelect={setChosen}
              onActivate={({ path }) => onKey(path)}
              minWidth="46rem"
            />
          )}
        </>
      )}
    </Answered>
  );
}

function keyOf({ found, path, value }: RegistryHit): string {
  return `${found}\0${path}\0${value?.name ?? ''}`;
}

const columns: readonly Column<RegistryHit>[] = [
  { column: 'found', title: 'Found in', width: '10rem', render: ({ found }) => partWords[found] },
  {
    column: 'path',
    title: 'Key',
    sortValue: ({ path }) => path,
    render: ({ path }) => (
      <span className="mono" data-tooltip={visible(path)}>
        {visible(path)}
      </span>
    ),
  },
  {
    column: 'name',
    title: 'Value',
    width: '11rem',
    render: ({ value }) => value && <span>{visible(valueName(value.name))}</span>,
  },
  {
    column: 'data',
    title: 'Data',
    render: ({ value }) =>
      value && <code data-tooltip={visible(value.text)}>{visible(value.text)}</code>,
  },
  {
    column: 'layer',
    title: 'Layer',
    width: '4.5rem',
    align: 'end',
    render: ({ layerIndex }) => layerIndex,
  },
];
