import { useState } from 'react';
import type {
  WasteCategory,
  WasteCategoryView,
  WasteFile,
  WasteView,
  WhatIf,
} from '../../../shared/ipc/inspect-views.ts';
import { useAnswer } from '../../app/context/use-answers.ts';
import { CopyButton } from '../../components/digest.tsx';
import { formatBytes, formatCount, formatPercent } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { Answered } from './answered.tsx';
import { Notes } from './facts.tsx';
import type { Inspected } from './inspected.ts';
import { LayerLink } from './layer-link.tsx';
import { MasterDetail } from './master-detail.tsx';
import { Segments } from './segments.tsx';
import './waste-tab.css';

/** Which bytes of the image nobody needs, and what in the Dockerfile would avoid them. */
export function WasteTab(inspected: Inspected) {
  const { at, summary } = inspected.selected;
  const asked = useAnswer('inspect.waste', { reference: at.reference }, summary.manifestDigest);
  return (
    <Answered asked={asked} waiting="Looking for waste" failed="The waste could not be measured">
      {view => <Waste {...inspected} view={view} />}
    </Answered>
  );
}

type Part = 'categories' | 'advice';

function Waste(props: Inspected & { readonly view: WasteView }) {
  const { view } = props;
  const [part, setPart] = useState<Part>('categories');
  return (
    <div className="waste-tab">
      <Score view={view} />
      <Notes notes={view.notes} />
      <div className="entry__bar">
        <Segments<Part>
          label="Show of the waste"
          value={part}
          options={[
            { value: 'categories', label: 'By category' },
            { value: 'advice', label: `What if (${formatCount(view.whatIfs.length)})` },
          ]}
          onValueChange={setPart}
        />
      </div>
      {part === 'categories' ? <Categories {...props} /> : <WhatIfs {...props} />}
    </div>
  );
}

function Score({ view }: { readonly view: WasteView }) {
  const { efficiency, efficiencyFormula, wastedBytes, yourWastedBytes } = view;
  const percent = (efficiency * 100).toFixed(1);
  return (
    <div className="score">
      <div
        className="score__ring"
        style={{ '--share': `${efficiency * 100}%` } as React.CSSProperties}
        data-tooltip={efficiencyFormula}
      >
        <strong>{percent} %</strong>
        <span className="muted">efficient</span>
      </div>
      <dl className="score__figures">
        <Figure name="Wasted" value={formatBytes(wastedBytes)} />
        <Figure name="in your own layers" value={formatBytes(yourWastedBytes)} />
        <Figure name="Content of all layers" value={formatBytes(view.contentSize)} />
        <Figure name="Packed size" value={formatBytes(view.packedSize)} />
      </dl>
      <p className="score__formula muted">{visible(efficiencyFormula)}</p>
    </div>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt className="muted">{name}</dt>
      <dd className="numeric">{value}</dd>
    </div>
  );
}

function Categories(props: Inspected & { readonly view: WasteView }) {
  const { categories } = props.view;
  const [chosen, setChosen] = useState<WasteCategory>();
  const shown = categories
    .filter(({ bytes, files }) => bytes > 0 || files > 0)
    .toSorted((a, b) => b.bytes - a.bytes);
  const category = shown.find(candidate => candidate.category === chosen) ?? shown[0];
  if (category === undefined) {
    return (
      <p className="panel-note muted" role="status">
        Nothing in this image looks like waste.
      </p>
    );
  }
  const largest = Math.max(...shown.map(({ bytes }) => bytes), 1);
  return (
    <MasterDetail
      layout="waste"
      list={
        <LongTable
          label="Waste by category"
          columns={categoryColumns(largest)}
          rows={shown}
          rowKey={row => row.category}
          selectedKey={category.category}
          onSelect={row => setChosen(row.category)}
          initialSorting={{ column: 'bytes', direction: 'descending' }}
          minWidth="34rem"
        />
      }
      label="Details of the selected category"
      detail={<CategoryDetail {...props} category={category} />}
      detailSize={48}
    />
  );
}

function categoryColumns(largest: number): readonly Column<WasteCategoryView>[] {
  return [
    {
      column: 'title',
      title: 'Category',
      sortValue: ({ title }) => title,
      render: ({ title }) => <span data-tooltip={visible(title)}>{visible(title)}</span>,
    },
    {
      column: 'bar',
      title: 'Share',
      width: '9rem',
      render: ({ bytes, yourBytes }) => (
        <span className="share-bar" aria-hidden="true">
          <span style={{ width: formatPercent(bytes, largest).replace(' ', '') }}>
            <span style={{ width: formatPercent(yourBytes, bytes).replace(' ', '') }} />
          </span>
        </span>
      ),
    },
    {
      column: 'bytes',
      title: 'Bytes',
      width: '6.5rem',
      align: 'end',
      sortValue: ({ bytes }) => bytes,
      render: ({ bytes }) => formatBytes(bytes),
    },
    {
      column: 'yours',
      title: 'Yours',
      width: '6.5rem',
      align: 'end',
      sortValue: ({ yourBytes }) => yourBytes,
      render: ({ yourBytes }) => formatBytes(yourBytes),
    },
    {
      column: 'files',
      title: 'Files',
      width: '5.5rem',
      align: 'end',
      sortValue: ({ files }) => files,
      render: ({ files }) => formatCount(files),
    },
  ];
}

function CategoryDetail(props: Inspected & { readonly category: WasteCategoryView }) {
  const { category, selected, layers, state } = props;
  const { reference } = selected.at;
  return (
    <>
      <h3 className="entry__title">{visible(category.title)}</h3>
      <p className="panel-note">{visible(category.advice)}</p>
      <h4>By layer</h4>
      <ul className="by-layer">
        {category.byLayer.map(({ layerIndex, bytes }) => (
          <li key={layerIndex}>
            <LayerLink at={{ reference, layerIndex }} layers={layers} onSelect={state.select} />
            <span className="numeric muted">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
      {category.largest.length > 0 && (
        <>
          <h4>Largest files (Enter goes there)</h4>
          <div className="values-table">
            <LongTable
              label="Largest files of the category"
              columns={fileColumns}
              rows={category.largest}
              rowKey={({ path, layerIndex }) => `${layerIndex} ${path}`}
              onActivate={({ path, layerIndex }) => state.showFile({ reference, layerIndex }, path)}
            />
          </div>
        </>
      )}
    </>
  );
}

const fileColumns: readonly Column<WasteFile>[] = [
  {
    column: 'path',
    title: 'Path',
    render: ({ path }) => (
      <span className="mono" data-tooltip={visible(path)}>
        {visible(path)}
      </span>
    ),
  },
  {
    column: 'layer',
    title: 'Layer',
    width: '8rem',
    render: ({ layerIndex, byLayer }) =>
      byLayer === undefined ? layerIndex : `${layerIndex}, gone in ${byLayer}`,
  },
  {
    column: 'bytes',
    title: 'Bytes',
    width: '6.5rem',
    align: 'end',
    render: ({ bytes }) => formatBytes(bytes),
  },
];

function WhatIfs({ view }: { readonly view: WasteView }) {
  if (view.whatIfs.length === 0) {
    return (
      <p className="panel-note muted" role="status">
        No change to the Dockerfile would make the image smaller by a size worth naming.
      </p>
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <div className="what-ifs" role="region" aria-label="What if" tabIndex={0}>
      <ul className="cards">
        {view.whatIfs.map((whatIf, index) => (
          <WhatIfCard key={index} whatIf={whatIf} />
        ))}
      </ul>
    </div>
  );
}

function WhatIfCard({ whatIf }: { readonly whatIf: WhatIf }) {
  const { title, savedBytes, savedPackedBytes, predictedSize, explanation, edit } = whatIf;
  const lines = edit.lines.join('\n');
  return (
    <li className="card">
      <div>
        <h3>{visible(title)}</h3>
        <p className="muted">
          saves {formatBytes(savedPackedBytes)} packed ({formatBytes(savedBytes)} unpacked); the
          image would be about <strong>{formatBytes(predictedSize)}</strong>
        </p>
        <p>{visible(explanation)}</p>
        <div className="edit">
          {edit.replaces.map((line, index) => (
            <p key={`old ${index}`} className="edit__line edit__line--removed">
              <span aria-hidden="true">−</span>
              <span className="visually-hidden">instead of</span>
              <code>{visible(line)}</code>
            </p>
          ))}
          {edit.lines.map((line, index) => (
            <p key={`new ${index}`} className="edit__line edit__line--added">
              <span aria-hidden="true">+</span>
              <span className="visually-hidden">write</span>
              <code>{visible(line)}</code>
            </p>
          ))}
          {edit.lines.length > 0 && <CopyButton text={lines} what="lines for the Dockerfile" />}
        </div>
      </div>
    </li>
  );
}
