import { useEffect, useMemo, type ReactNode } from 'react';
import { explain } from '../../../shared/failure.ts';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { TreeView, type TreeRow } from '../../components/tree-view.tsx';
import { visible } from '../../components/visible.ts';
import { keyOfPath, treeRows, type LazyRow, type TreeItem } from './lazy-tree.ts';
import type { LazyTreeState } from './use-lazy-tree.ts';
import { Waiting } from './waiting.tsx';

export interface LazyTreeViewProps<R extends LazyRow> {
  readonly label: string;
  readonly state: LazyTreeState<R>;
  readonly opens: (row: R) => boolean;
  readonly renderRow: (row: R) => ReactNode;
  readonly selectedPath: string | undefined;
  readonly onSelect: (path: string) => void;
  /** While the root is read, where that fails, and where there is nothing. */
  readonly words: { readonly waiting: string; readonly failed: string; readonly empty: string };
}

/** A tree that loads what comes into view. */
export function LazyTreeView<R extends LazyRow>(props: LazyTreeViewProps<R>) {
  const { label, state, opens, selectedPath, onSelect, words } = props;
  const { tree, more, toggle } = state;
  // oxlint-disable-next-line react/exhaustive-deps -- which rows open is the same for all trees of a kind
  const rows = useMemo(() => treeRows(tree, opens), [tree]);
  const root = tree.directories.get('');
  // A first page may be smaller than the window, so that nothing would ever scroll.
  useEffect(() => {
    for (const { value } of rows.slice(0, firstRows)) {
      if (value.kind === 'more') more(value.directory);
    }
  });
  if (root?.failure !== undefined && root.rows.length === 0) {
    const retry = () => state.retry('');
    return <FailureView title={words.failed} failure={root.failure} onRetry={retry} />;
  }
  if (root === undefined) return <Waiting label={words.waiting} />;
  if (root.total === 0) {
    return (
      <p className="panel-note muted" role="status">
        {words.empty}
      </p>
    );
  }
  const activate = (item: TreeItem<R>): void => {
    if (item.kind === 'row' && opens(item.row)) toggle(item.row.path);
    if (item.kind === 'failed') state.retry(item.directory);
  };
  return (
    <TreeView
      label={label}
      rows={rows}
      selectedKey={keyOfPath(rows, selectedPath)}
      onSelect={({ value }) => value.kind === 'row' && onSelect(value.row.path)}
      onToggle={({ value }) => value.kind === 'row' && toggle(value.row.path)}
      onActivate={({ value }) => activate(value)}
      onRange={(first, last) => {
        for (const { value } of rows.slice(first, last + 1)) {
          if (value.kind === 'more') more(value.directory);
        }
      }}
      renderRow={row => <Row row={row} {...props} />}
    />
  );
}

const firstRows = 60;

function Row<R extends LazyRow>(
  props: LazyTreeViewProps<R> & { readonly row: TreeRow<TreeItem<R>> },
) {
  const { value } = props.row;
  switch (value.kind) {
    case 'row':
      return props.renderRow(value.row);
    case 'more':
      return <span className="muted">Loading more…</span>;
    case 'empty':
      return <span className="muted">Nothing here</span>;
    case 'failed':
      return (
        <>
          <span className="truncate">{visible(explain(value.failure).message)}</span>
          <Button size="small" tabIndex={-1} onClick={() => props.state.retry(value.directory)}>
            Try again
          </Button>
        </>
      );
  }
}
