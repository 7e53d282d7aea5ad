import { useMemo } from 'react';
import type { CompareRow } from '../../../shared/ipc/image-views.ts';
import type { FilePreview } from '../../../shared/ipc/layer-views.ts';
import { useAnswer } from '../../app/context/use-answers.ts';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { ChangeMark } from './change-mark.tsx';
import { bytesOfBase64, decodeText } from './preview-text.ts';
import type { LayerAt } from './selection.ts';
import { diffLines, type DiffRow } from '../../../shared/text-diff.ts';
import './preview.css';

const mostBytes = 1024 * 1024;

export interface ContentDiffProps {
  readonly left: LayerAt;
  readonly right: LayerAt;
  readonly row: CompareRow;
}

/** How the content of a file differs between two layers. */
export function ContentDiff({ left, right, row }: ContentDiffProps) {
  return (
    <>
      <h3 className="entry__title">
        <ChangeMark change={row.change} short />
        <span className="mono">{visible(row.path)}</span>
      </h3>
      {row.leftSize !== undefined && row.rightSize !== undefined && row.change === 'modified' ? (
        <Both left={left} right={right} path={row.path} />
      ) : (
        <p className="panel-note muted">{oneSideWords(row)}</p>
      )}
    </>
  );
}

function oneSideWords({ change }: CompareRow): string {
  if (change === 'added') return 'It is only in the layer after.';
  if (change === 'deleted') return 'It is only in the layer before.';
  return 'The content is the same; times, attributes or the security descriptor differ.';
}

function Both({ left, right, path }: { left: LayerAt; right: LayerAt; path: string }) {
  const before = useAnswer('layer.preview', { ...left, path, length: mostBytes });
  const after = useAnswer('layer.preview', { ...right, path, length: mostBytes });
  const words = { waiting: 'Reading the contents', failed: 'The content could not be read' };
  return (
    <Answered asked={before} {...words}>
      {old => (
        <Answered asked={after} {...words}>
          {now => <Lines before={old} after={now} />}
        </Answered>
      )}
    </Answered>
  );
}

function Lines({ before, after }: { before: FilePreview; after: FilePreview }) {
  const rows = useMemo(() => {
    const [old, now] = [textOf(before), textOf(after)];
    return old === undefined || now === undefined ? undefined : diffLines(old, now);
  }, [before, after]);
  if (rows === undefined) {
    return (
      <p className="panel-note muted">
        {before.size > mostBytes || after.size > mostBytes
          ? `Only texts up to ${formatBytes(mostBytes)} are compared line by line.`
          : 'The content is no text.'}{' '}
        It was {formatBytes(before.size)} ({before.contentHash.slice(0, 12)}) and became{' '}
        {formatBytes(after.size)} ({after.contentHash.slice(0, 12)}).
      </p>
    );
  }
  return (
    <div className="diff">
      <LongTable
        label="Differences of the content"
        columns={columns}
        rows={rows}
        rowKey={keyOf}
        minWidth="24rem"
      />
    </div>
  );
}

function textOf({ detected, base64, size }: FilePreview): string | undefined {
  if (detected.kind === 'empty') return '';
  if (detected.kind !== 'text' || size > mostBytes) return undefined;
  return decodeText(bytesOfBase64(base64), detected.encoding);
}

function keyOf(row: DiffRow): string {
  return row.kind === 'skipped' ? `skipped ${row.after}` : `${row.left ?? ''} ${row.right ?? ''}`;
}

const signs = { same: ' ', added: '+', removed: '−' } as const;
const signWords = { same: '', added: 'added', removed: 'removed' } as const;

const columns: readonly Column<DiffRow>[] = [
  {
    column: 'left',
    title: 'Before',
    width: '5rem',
    align: 'end',
    render: row => (row.kind === 'skipped' ? '' : (row.left ?? '')),
  },
  {
    column: 'right',
    title: 'After',
    width: '4rem',
    align: 'end',
    render: row => (row.kind === 'skipped' ? '' : (row.right ?? '')),
  },
  {
    column: 'line',
    title: 'Line',
    render: row =>
      row.kind === 'skipped' ? (
        <span className="muted">{formatPlural(row.count, 'equal line')}</span>
      ) : (
        <code className={`diff__line diff__line--${row.kind}`}>
          <span aria-hidden="true">{signs[row.kind]} </span>
          <span className="visually-hidden">{signWords[row.kind]} </span>
          {visible(row.text)}
        </code>
      ),
  },
];
