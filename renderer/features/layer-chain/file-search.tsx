import { FailureView } from '../../components/failure-view.tsx';
import { formatCount, formatPlural } from '../../components/format.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { TreeView } from '../../components/tree-view.tsx';
import { visible } from '../../components/visible.ts';
import { FileRowView } from './file-row.tsx';
import { onlyChanges, type FilesProps } from './file-tree-view.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';

const mostFound = 1000;

/** The files whose path has the text in it. */
export function FileSearch(props: FilesProps & { readonly text: string }) {
  const { at, chainId, query, text, selectedPath, onSelect } = props;
  const asked = useAnswer(
    'layer.search',
    {
      ...at,
      view: query.view,
      text,
      limit: mostFound,
      ...onlyChanges(query.changes),
    },
    chainId,
  );
  const answer = useHeld(asked.answer);
  if (answer.kind === 'loading') return <Skeleton label="Searching" />;
  if (answer.kind === 'failed') {
    return <FailureView title="The search failed" failure={answer.failure} onRetry={asked.retry} />;
  }
  const { rows, total } = answer.value;
  const found = rows.map((row, index) => ({
    rowKey: row.path,
    value: row,
    level: 1,
    text: visible(row.path),
    posInSet: index + 1,
    setSize: total,
  }));
  return (
    <div className="file-search">
      <p className="panel-note muted" role="status">
        {rows.length < total
          ? `The first ${formatCount(rows.length)} of ${formatCount(total)} matches`
          : formatPlural(total, 'match', 'matches')}
      </p>
      {total > 0 && (
        <TreeView
          label="Files found"
          rows={found}
          selectedKey={selectedPath}
          onSelect={({ value }) => onSelect(value.path)}
          onToggle={() => undefined}
          renderRow={({ value }) => <FileRowView row={value} fullPath />}
        />
      )}
    </div>
  );
}
