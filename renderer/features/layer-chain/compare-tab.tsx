import { ArrowLeftRight } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { ComparePage, CompareRow } from '../../../shared/ipc/image-views.ts';
import { useApp } from '../../app/context.tsx';
import { useRested } from '../../app/context/use-answers.ts';
import { IconButton } from '../../components/button.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import type { Column } from '../../components/table.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { changeKinds, changeWords, choiceOf } from './chain-words.ts';
import { ChangeMark } from './change-mark.tsx';
import { ContentDiff } from './content-diff.tsx';
import { MasterDetail } from './master-detail.tsx';
import { imagesWith, layerLabel, type LayerAt, type ShownLayer } from './selection.ts';
import { PagedTable } from './paged-table.tsx';
import type { ChainState } from './use-chain-state.ts';
import { usePages } from './use-pages.ts';

export interface CompareTabProps {
  readonly layers: readonly ShownLayer[];
  readonly left: ShownLayer | undefined;
  readonly right: ShownLayer;
  readonly state: ChainState;
}

/** How the files up to one layer differ from those up to another, of any images of the store. */
export function CompareTab({ layers, left, right, state }: CompareTabProps) {
  const [text, setText] = useState('');
  const searched = useRested(text);
  const before = left ?? right;
  /** Shows the image of a side among the chains, where it is not yet. */
  const choose = (at: LayerAt, other: LayerAt) => {
    const shown = [...new Set(layers.map(layer => layer.at.reference))];
    state.setChosen(imagesWith(shown, at.reference, other.reference));
  };
  const onLeft = (at: LayerAt) => {
    choose(at, right.at);
    state.compareWith(at);
  };
  const onRight = (at: LayerAt) => {
    choose(at, before.at);
    // What it was compared with stays, also where it was never chosen.
    state.compareWith(before.at);
    state.select(at);
  };
  return (
    <div className="compare-tab">
      <div className="panel-bar" role="group" aria-label="What is compared">
        <Side side="Before" layers={layers} value={before} onLayer={onLeft} />
        <IconButton
          size="small"
          label="Swap before and after"
          icon={<ArrowLeftRight aria-hidden="true" />}
          onClick={() => {
            state.compareWith(right.at);
            state.select(before.at);
          }}
        />
        <Side side="After" layers={layers} value={right} onLayer={onRight} />
        <SearchField
          label="Filter by path"
          className="panel-bar__search"
          value={text}
          onValueChange={setText}
        />
      </div>
      {left === undefined ? (
        <p className="panel-note muted">
          This image has only one layer. Choose another image to compare it with.
        </p>
      ) : (
        <Differences
          key={[left, right].map(({ at, layer }) => `${at.reference} ${layer.chainId}`).join(' ')}
          left={left.at}
          right={right.at}
          text={searched}
        />
      )}
    </div>
  );
}

interface SideProps {
  readonly side: 'Before' | 'After';
  readonly layers: readonly ShownLayer[];
  readonly value: ShownLayer;
  readonly onLayer: (at: LayerAt) => void;
}

/** An image of all that there are, and a layer of it. */
function Side({ side, layers, value, onLayer }: SideProps) {
  const { stores } = useApp();
  const { images } = useStore(stores.images);
  const choices = images.kind === 'ready' ? images.value.filter(image => image.layers > 0) : [];
  const own = layers.filter(({ at }) => at.reference === value.at.reference);
  return (
    <>
      <Select
        label={`Image ${side.toLowerCase()}`}
        hideLabel
        leading={<span className="muted compare-tab__side">{side}</span>}
        className="compare-tab__image"
        value={value.at.reference}
        options={choices.map(({ reference }) => ({ value: reference, label: choiceOf(reference) }))}
        onValueChange={reference => {
          const chosen = choices.find(image => image.reference === reference);
          if (chosen) onLayer({ reference, layerIndex: chosen.layers - 1 });
        }}
      />
      <Select
        label={side}
        hideLabel
        className="compare-tab__layer"
        value={String(own.indexOf(value))}
        options={own.map((layer, index) => ({ value: String(index), label: layerLabel(layer) }))}
        onValueChange={index => {
          const layer = own[Number(index)];
          if (layer !== undefined) onLayer(layer.at);
        }}
      />
    </>
  );
}

interface DifferencesProps {
  readonly left: LayerAt;
  readonly right: LayerAt;
  readonly text: string;
}

const pageRows = 1000;

function Differences({ left, right, text }: DifferencesProps) {
  const { api } = useApp();
  const [path, setPath] = useState<string>();
  const query = { left, right, limit: pageRows, ...(text === '' ? {} : { text }) };
  const pages = usePages(
    JSON.stringify(query),
    async (offset, signal): Promise<ComparePage> =>
      await api.request('layer.compare', { ...query, offset }, signal),
  );
  const row = pages.rows.find(candidate => candidate.path === path);
  return (
    <Answered
      asked={{ ...pages, answer: pages.first }}
      waiting="Comparing the layers"
      failed="The layers could not be compared"
    >
      {page => (
        <>
          <Summary page={page} />
          {page.total > 0 && (
            <MasterDetail
              layout="layer-compare"
              detailSize={50}
              list={
                <PagedTable
                  label="Differences"
                  columns={columns}
                  pages={pages}
                  rowKey={difference => difference.path}
                  selectedKey={path}
                  onSelect={difference => setPath(difference.path)}
                  minWidth="30rem"
                />
              }
              label="Difference of the selected file"
              detail={
                row === undefined ? (
                  <p className="panel-note muted">Select a file to see how its content differs.</p>
                ) : (
                  <ContentDiff key={row.path} left={left} right={right} row={row} />
                )
              }
            />
          )}
        </>
      )}
    </Answered>
  );
}

function Summary({ page }: { readonly page: ComparePage }) {
  return (
    <p className="compare-tab__summary" role="status">
      {changeKinds.map(change => (
        <ChangeMark key={change} change={change} count={page.totals[change]} />
      ))}
      <span className="muted">
        {page.total === 0 ? 'no differences' : formatPlural(page.total, 'difference')}
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
