import { useState } from 'react';
import type { ChangeKind } from '../../../shared/ipc/image-views.ts';
import { Select } from '../../components/select.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { changeKinds } from './chain-words.ts';
import { ChangeMark } from './change-mark.tsx';
import { EntryInspector } from './entry-inspector.tsx';
import { FileSearch } from './file-search.tsx';
import { FileTreeView } from './file-tree-view.tsx';
import type { LayerAt, ShownLayer } from './selection.ts';
import { useRested } from '../../app/context/use-answers.ts';
import type { FileQuery } from './use-file-tree.ts';

export interface FilesTabProps {
  readonly at: LayerAt;
  readonly layers: readonly ShownLayer[];
  readonly query: FileQuery;
  readonly onQuery: (query: FileQuery) => void;
  readonly onSelect: (at: LayerAt) => void;
}

/** The files of a layer: a tree or what a search finds, and what is known of the one that is selected. */
export function FilesTab({ at, layers, query, onQuery, onSelect }: FilesTabProps) {
  const [text, setText] = useState('');
  const [path, setPath] = useState<string>();
  const searched = useRested(text);
  const files = { at, query, selectedPath: path, onSelect: setPath };
  return (
    <div className="files-tab">
      <FilesBar query={query} onQuery={onQuery} text={text} onText={setText} />
      <SplitPane
        className="files-tab__panes"
        panes={[
          {
            pane: 'tree',
            label: 'files',
            size: 62,
            min: 200,
            content:
              searched === '' ? (
                <FileTreeView {...files} />
              ) : (
                <FileSearch {...files} text={searched} />
              ),
          },
          {
            pane: 'entry',
            label: 'details',
            size: 38,
            min: 180,
            content: <EntryInspector at={at} path={path} layers={layers} onSelect={onSelect} />,
          },
        ]}
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
