import { useEffect, useMemo } from 'react';
import { explain } from '../../../shared/failure.ts';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { TreeView, type TreeRow } from '../../components/tree-view.tsx';
import { visible } from '../../components/visible.ts';
import { FileRowView } from './file-row.tsx';
import { keyOfPath, treeRows, type TreeItem } from './file-tree.ts';
import type { LayerAt } from './selection.ts';
import { useFileTree, type FileQuery, type FileTreeState } from './use-file-tree.ts';

export interface FilesProps {
  readonly at: LayerAt;
  readonly query: FileQuery;
  readonly selectedPath: string | undefined;
  readonly onSelect: (path: string) => void;
}

/** The files of a layer as a tree that loads what comes into view. */
export function FileTreeView({ at, query, selectedPath, onSelect }: FilesProps) {
  const files = useFileTree(at, query);
  const { tree, more, toggle } = files;
  const rows = useMemo(() => treeRows(tree), [tree]);
  const root = tree.directories.get('');
  // A first page may be smaller than the window, so that nothing would ever scroll.
  useEffect(() => {
    for (const { value } of rows.slice(0, firstRows)) {
      if (value.kind === 'more') more(value.directory);
    }
  });
  if (root?.failure !== undefined && root.rows.length === 0) {
    return (
      <FailureView
        title="The files of this layer could not be read"
        failure={root.failure}
        onRetry={() => files.retry('')}
      />
    );
  }
  if (root === undefined) return <Skeleton label="Reading the layer" />;
  if (root.total === 0) return <NoFiles filtered={query.changes.length > 0} />;
  return (
    <TreeView
      label="Files"
      rows={rows}
      selectedKey={keyOfPath(rows, selectedPath)}
      onSelect={({ value }) => value.kind === 'file' && onSelect(value.row.path)}
      onToggle={({ value }) => value.kind === 'file' && toggle(value.row.path)}
      onActivate={({ value }) => activate(value, files)}
      onRange={(first, last) => {
        for (const { value } of rows.slice(first, last + 1)) {
          if (value.kind === 'more') more(value.directory);
        }
      }}
      renderRow={row => <Row row={row} files={files} />}
    />
  );
}

const firstRows = 60;

function activate(item: TreeItem, files: FileTreeState): void {
  if (item.kind === 'file' && item.row.kind === 'directory') files.toggle(item.row.path);
  if (item.kind === 'failed') files.retry(item.directory);
}

function Row(props: { readonly row: TreeRow<TreeItem>; readonly files: FileTreeState }) {
  const { value } = props.row;
  switch (value.kind) {
    case 'file':
      return <FileRowView row={value.row} />;
    case 'more':
      return <span className="muted">Loading more…</span>;
    case 'empty':
      return <span className="muted">Nothing here</span>;
    case 'failed':
      return (
        <>
          <span className="truncate">{visible(explain(value.failure).message)}</span>
          <Button size="small" tabIndex={-1} onClick={() => props.files.retry(value.directory)}>
            Try again
          </Button>
        </>
      );
  }
}

function NoFiles({ filtered }: { readonly filtered: boolean }) {
  return (
    <p className="panel-note muted" role="status">
      {filtered ? 'No file was changed in the ways that are chosen.' : 'No files.'}
    </p>
  );
}
