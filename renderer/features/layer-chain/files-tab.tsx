import { useState } from 'react';
import type { ChangeKind } from '../../../shared/ipc/image-views.ts';
import { useRested } from '../../app/context/use-answers.ts';
import { Select } from '../../components/select.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { changeKinds } from './chain-words.ts';
import { ChangeMark } from './change-mark.tsx';
import { EntryInspector } from './entry-inspector.tsx';
import { FileSearch } from './file-search.tsx';
import { FileTreeView, type FileQuery } from './file-tree-view.tsx';
import type { Inspected } from './inspected.ts';
import { MasterDetail } from './master-detail.tsx';
import type { WantedFile } from './use-chain-state.ts';

/** The files of a layer: a tree or what a search finds, and what is known of the one that is selected. */
export function FilesTab({ selected, layers, state }: Inspected) {
  const { at, layer } = selected;
  const { files: query, setFiles, wanted } = state;
  const [text, setText] = useState('');
  const [path, setPath] = useState<string>();
  const [taken, setTaken] = useState<WantedFile>();
  if (wanted !== taken && wanted?.at.reference === at.reference) {
    setTaken(wanted);
    setPath(wanted.path);
    setText('');
  }
  const searched = useRested(text);
  const files = { at, chainId: layer.chainId, query, selectedPath: path, onSelect: setPath };
  return (
    <div className="files-tab">
      <FilesBar query={query} onQuery={setFiles} text={text} onText={setText} />
      <MasterDetail
        layout="layer-files"
        list={
          searched === '' || text === '' ? (
            <FileTreeView {...files} wanted={taken} />
          ) : (
            <FileSearch {...files} text={searched} />
          )
        }
        label="Details of the selected file"
        detail={<EntryInspector path={path} selected={selected} layers={layers} state={state} />}
      />
    </div>
  );
}

const views = [
  { value: 'layer', label: 'In this layer' },
  { value: 'cumulative', label: 'Up to this layer' },
] as const;

const orders = [
  { value: 'size', label: 'Largest first' },
  { value: 'name', label: 'By name' },
  { value: 'change', label: 'By change' },
] as const;

interface FilesBarProps {
  readonly query: FileQuery;
  readonly onQuery: (query: FileQuery) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function FilesBar({ query, onQuery, text, onText }: FilesBarProps) {
  const toggle = (change: ChangeKind) =>
    onQuery({
      ...query,
      changes: query.changes.includes(change)
        ? query.changes.filter(other => other !== change)
        : [...query.changes, change],
    });
  return (
    <div className="panel-bar" role="group" aria-label="Which files">
      <SearchField
        label="Search files by path"
        className="panel-bar__search"
        value={text}
        onValueChange={onText}
      />
      <Select
        label="Files to show"
        hideLabel
        value={query.view}
        options={views}
        onValueChange={view => onQuery({ ...query, view })}
      />
      <Select
        label="Order"
        hideLabel
        value={query.sort}
        options={orders}
        onValueChange={sort => onQuery({ ...query, sort })}
      />
      <div role="group" aria-label="Only these changes" className="segments">
        {changeKinds.map(change => (
          <button
            key={change}
            type="button"
            className="segments__item"
            aria-pressed={query.changes.includes(change)}
            onClick={() => toggle(change)}
          >
            <ChangeMark change={change} />
          </button>
        ))}
      </div>
    </div>
  );
}
