import { ArrowLeftRight } from 'lucide-react';
import { useState } from 'react';
import type { ComparePage, CompareRow } from '../../../shared/ipc/image-views.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import { changeKinds, changeWords } from './chain-words.ts';
import { ChangeMark } from './change-mark.tsx';
import { layerLabel, type LayerAt, type ShownLayer } from './selection.ts';
import { useAnswer, useHeld, useRested } from '../../app/context/use-answers.ts';

export interface CompareTabProps {
  readonly layers: readonly ShownLayer[];
  readonly left: ShownLayer | undefined;
  readonly right: ShownLayer;
  readonly onLeft: (at: LayerAt) => void;
  readonly onRight: (at: LayerAt) => void;
}

/** How the files up to one layer differ from those up to another, of the same image or not. */
export function CompareTab({ layers, left, right, onLeft, onRight }: CompareTabProps) {
  const [text, setText] = useState('');
  const searched = useRested(text);
  if (left === undefined) {
    return (
      <p className="panel-note muted">
        There is only one layer. Add another image to compare it with.
      </p>
    );
  }
  return (
    <div className="compare-tab">
      <div className="panel-bar" role="group" aria-label="What is compared">
        <LayerSelect label="Before" layers={layers} value={left} onLayer={onLeft} />
        <IconButton
          size="small"
          label="Swap before and after"
          icon={<ArrowLeftRight aria-hidden="true" />}
          onClick={() => {
            onLeft(right.at);
            onRight(left.at);
          }}
        />
        <LayerSelect label="After" layers={layers} value={right} onLayer={onRight} />
        <SearchField
          label="Filter by path"
          className="panel-bar__search"
          value={text}
          onValueChange={setText}
        />
      </div>
      <Differences
        key={[left, right].map(({ at, layer }) => `${at.reference} ${layer.chainId}`).join(' ')}
        left={left.at}
        right={right.at}
        text={searched}
      />
    </div>
  );
}

interface LayerSelectProps {
  readonly label: string;
  readonly layers: readonly ShownLayer[];
  readonly value: ShownLayer;
  readonly onLayer: (at: LayerAt) => void;
}

function LayerSelect({ label, layers, value, onLayer }: LayerSelectProps) {
  return (
    <Select
      label={label}
      hideLabel
      leading={<span className="muted compare-tab__side">{label}</span>}
      className="compare-tab__layer"
      value={String(layers.indexOf(value))}
      options={layers.map((layer, index) => ({ value: String(index), label: layerLabel(layer) }))}
      onValueChange={index => {
        const layer = layers[Number(index)];
        if (layer !== undefined) onLayer(layer.at);
      }}
    />
  );
}

interface DifferencesProps {
  readonly left: LayerAt;
  readonly right: LayerAt;
  readonly text: string;
}

const pageRows = 300;
const mostRows = 5000;

function Differences({ left, right, text }: DifferencesProps) {
  const [limit, setLimit] = useState(pageRows);
  const asked = useAnswer('layer.compare', {
    left,
    right,
    limit,
    ...(text === '' ? {} : { text }),
  });
  const answer = useHeld(asked.answer);
  if (answer.kind === 'failed') {
    return (
      <FailureView
        title="The layers could not be compared"
        failure={answer.failure}
        onRetry={asked.retry}
      />
    );
  }
  if (answer.kind === 'loading') return <Skeleton label="Comparing the layers" />;
  const page = answer.value;
  const canGrow = page.rows.length < page.total && limit < mostRows;
  return (
    <>
      <Summary page={page} />
      <div className="compare-tab__table">
        {page.total > 0 && (
          <Table
            label="Differences"
            columns={columns}
            rows={page.rows}
            rowKey={({ path }) => path}
            minWidth="36rem"
          />
        )}
        {canGrow && (
          <Button onClick={() => setLimit(Math.min(limit * 4, mostRows))}>Show more</Button>
        )}
      </div>
    </>
  );
}

function Summary({ page }: { readonly page: ComparePage }) {
  return (
    <p className="compare-tab__summary" role="status">
      {changeKinds.map(change => (
        <ChangeMark key={change} change={change} count={page.totals[change]} />
      ))}
      <span className="muted">
        {page.total === 0
          ? 'no differences'
          : `${formatCount(page.rows.length)} of ${formatCount(page.total)} shown`}
      </span>
    </p>
  );
}

const columns: readonly Column<CompareRow>[] = [
  {
    column: 'change',
    title: 'Change',
    width: '9rem',
    sortValue: ({ change }) => changeWords[change].label,
    render: ({ change }) => <ChangeMark change={change} />,
  },
  {
    column: 'path',
    title: 'Path',
    sortValue: ({ path }) => path,
    render: ({ path }) => (
      <span className="mono" data-tooltip={visible(path)}>
        {visible(path)}
      </span>
    ),
  },
  {
    column: 'before',
    title: 'Before',
    width: '7rem',
    align: 'end',
    sortValue: ({ leftSize }) => leftSize ?? -1,
    render: ({ leftSize }) => size(leftSize),
  },
  {
    column: 'after',
    title: 'After',
    width: '7rem',
    align: 'end',
    sortValue: ({ rightSize }) => rightSize ?? -1,
    render: ({ rightSize }) => size(rightSize),
  },
];

function size(bytes: number | undefined): React.ReactNode {
  return bytes === undefined ? <span className="muted">–</span> : formatBytes(bytes);
}
