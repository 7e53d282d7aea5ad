import { useState } from 'react';
import type {
  RegistryChangeRow,
  RegistryChangesPage,
  RegistryGroup,
  RegistryValueChange,
} from '../../../shared/ipc/inspect-views.ts';
import { useApp } from '../../app/context.tsx';
import { useRested } from '../../app/context/use-answers.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/digest.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import type { Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { changeWords } from './chain-words.ts';
import { ChangeMark } from './change-mark.tsx';
import { Fact, Facts, Notes } from './facts.tsx';
import type { Inspected } from './inspected.ts';
import { MasterDetail } from './master-detail.tsx';
import { groupWords, valueName } from './registry-words.ts';
import { PagedTable } from './paged-table.tsx';
import { usePages } from './use-pages.ts';

export interface RegistryChangesProps extends Inspected {
  readonly text: string;
  /** Shows a key in the tree. */
  readonly onKey: (path: string) => void;
}

const pageRows = 500;

/** What the layer changed in the registry, grouped into what people look for. */
export function RegistryChanges({ selected, text, onKey }: RegistryChangesProps) {
  const { api } = useApp();
  const { at, layer } = selected;
  const [group, setGroup] = useState<RegistryGroup>();
  const [chosen, setChosen] = useState<string>();
  const searched = useRested(text);
  const query = {
    ...at,
    ...(group === undefined ? {} : { group }),
    ...(searched === '' ? {} : { text: searched }),
  };
  const pages = usePages(
    JSON.stringify([query, layer.chainId]),
    async (offset, signal): Promise<RegistryChangesPage> =>
      await api.request('inspect.registryChanges', { ...query, offset, limit: pageRows }, signal),
  );
  const row = pages.rows.find(candidate => keyOf(candidate) === chosen);
  return (
    <Answered
      asked={{ ...pages, answer: pages.first }}
      waiting="Comparing the registry with that of the layer below"
      failed="The registry could not be compared"
    >
      {page => (
        <>
          <Groups groups={page.groups} chosen={group} onChoose={setGroup} />
          <Notes notes={page.notes} />
          {page.total === 0 ? (
            <p className="panel-note muted" role="status">
              {emptyWords(page, group !== undefined || searched !== '')}
            </p>
          ) : (
            <MasterDetail
              layout="registry-changes"
              list={
                <PagedTable
                  label="Changes in the registry"
                  columns={columns}
                  pages={pages}
                  rowKey={keyOf}
                  selectedKey={chosen}
                  onSelect={change => setChosen(keyOf(change))}
                  minWidth="38rem"
                />
              }
              label="Details of the selected change"
              detail={
                row === undefined ? (
                  <p className="panel-note muted">Select a change to see its values.</p>
                ) : (
                  <ChangeDetail row={row} onKey={onKey} />
                )
              }
            />
          )}
        </>
      )}
    </Answered>
  );
}

function emptyWords({ files }: RegistryChangesPage, isFiltered: boolean): string {
  if (isFiltered) return 'Nothing in the registry was changed in the way that is chosen.';
  return files.length === 0
    ? 'This layer holds no registry hives, so it changes nothing in the registry.'
    : 'The hives of this layer change nothing in the registry.';
}

function keyOf({ group, path, title }: RegistryChangeRow): string {
  return `${group}\0${path}\0${title}`;
}

function Groups(props: {
  readonly groups: RegistryChangesPage['groups'];
  readonly chosen: RegistryGroup | undefined;
  readonly onChoose: (group: RegistryGroup | undefined) => void;
}) {
  const { groups, chosen, onChoose } = props;
  if (groups.length === 0) return null;
  return (
    <div className="chips" role="group" aria-label="Only this group">
      {groups.map(({ group, added, modified, deleted }) => (
        <button
          key={group}
          type="button"
          className="chip"
          aria-pressed={group === chosen}
          onClick={() => onChoose(group === chosen ? undefined : group)}
        >
          {groupWords[group]} <b className="numeric">{formatCount(added + modified + deleted)}</b>
        </button>
      ))}
    </div>
  );
}

const columns: readonly Column<RegistryChangeRow>[] = [
  {
    column: 'change',
    title: 'Change',
    width: '8rem',
    render: ({ change }) => <ChangeMark change={change} />,
  },
  {
    column: 'what',
    title: 'What',
    render: ({ title, facts }) => (
      <>
        {visible(title)}
        {facts.length > 0 && (
          <span className="muted"> {facts.map(({ value }) => visible(value)).join(', ')}</span>
        )}
      </>
    ),
  },
  { column: 'group', title: 'Group', width: '9rem', render: ({ group }) => groupWords[group] },
  {
    column: 'key',
    title: 'Key',
    render: ({ path }) => (
      <span className="mono" data-tooltip={visible(path)}>
        {visible(path)}
      </span>
    ),
  },
];

function ChangeDetail(props: {
  readonly row: RegistryChangeRow;
  readonly onKey: (path: string) => void;
}) {
  const { title, path, change, facts, values, totalValues, marks, group } = props.row;
  return (
    <>
      <h3 className="entry__title">
        <ChangeMark change={change} short />
        <span>{visible(title)}</span>
      </h3>
      <div className="entry__bar">
        <Button size="small" onClick={() => props.onKey(path)}>
          Show the key
        </Button>
      </div>
      <Facts>
        <Fact name="Group">{groupWords[group]}</Fact>
        <Fact name="Change">
          <ChangeMark change={change} />
        </Fact>
        <Fact name="Key">
          <span className="mono">{visible(path)}</span> <CopyButton text={path} what="key" />
        </Fact>
        {facts.map(({ name, value }) => (
          <Fact key={name} name={visible(name)}>
            {visible(value)}
          </Fact>
        ))}
        {marks.length > 0 && (
          <Fact name="Marks in the hive">
            {marks.map(mark => (
              <Badge key={mark} outline>
                {visible(mark)}
              </Badge>
            ))}
          </Fact>
        )}
      </Facts>
      {totalValues > 0 && <h4>Values ({formatCount(totalValues)})</h4>}
      <ul className="values">
        {values.map(value => (
          <ValueChange key={value.name} value={value} />
        ))}
      </ul>
      {values.length < totalValues && (
        <p className="panel-note muted">
          The first {formatCount(values.length)} of {formatCount(totalValues)} values.
        </p>
      )}
    </>
  );
}

function ValueChange({ value }: { readonly value: RegistryValueChange }) {
  const { name, change, before, after } = value;
  return (
    <li className="values__item">
      <p className="values__name">
        <ChangeMark change={change} short />
        <strong className="mono">{visible(valueName(name))}</strong>
        <span className="muted">{(after ?? before)?.type}</span>
      </p>
      {before && <Data data={before} side="before" both={after !== undefined} />}
      {after && <Data data={after} side="after" both={before !== undefined} />}
    </li>
  );
}

function Data(props: {
  readonly data: { readonly text: string; readonly size: number };
  readonly side: 'before' | 'after';
  readonly both: boolean;
}) {
  const { data, side, both } = props;
  const { glyph } = changeWords[side === 'before' ? 'deleted' : 'added'];
  return (
    <p className={`values__data values__data--${side}`}>
      {both && (
        <>
          <span aria-hidden="true">{glyph}</span>
          <span className="visually-hidden">{side}</span>
        </>
      )}
      <code>{visible(data.text) || <span className="muted">empty</span>}</code>
      {data.size > 256 && <span className="muted">{formatBytes(data.size)}</span>}
    </p>
  );
}
