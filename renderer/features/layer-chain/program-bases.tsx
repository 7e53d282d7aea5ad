import { useState } from 'react';
import type {
  BaseVerdict,
  ProgramBases as ProgramBasesView,
} from '../../../shared/ipc/inspect-views.ts';
import { Badge } from '../../components/badge.tsx';
import { formatBytes, formatCount, formatPlural } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { shortReference } from './chain-words.ts';
import { Fact, Facts } from './facts.tsx';
import { MasterDetail } from './master-detail.tsx';

/** The base images of the store as places for the programs of the image, and what each lacks. */
export function ProgramBases({ view }: { readonly view: ProgramBasesView }) {
  const [chosen, setChosen] = useState<string>();
  const base = view.bases.find(({ reference }) => reference === chosen);
  if (view.bases.length === 0) {
    return (
      <p className="panel-note muted" role="status">
        The store has no base images to compare with. Pull some, or make the sample base images.
      </p>
    );
  }
  return (
    <MasterDetail
      layout="program-bases"
      list={
        <LongTable
          label="Base images, smallest first"
          columns={baseColumns}
          rows={view.bases}
          rowKey={({ reference }) => reference}
          selectedKey={chosen}
          onSelect={({ reference }) => setChosen(reference)}
          minWidth="32rem"
        />
      }
      label="Details of the selected base"
      detail={
        base === undefined ? (
          <p className="panel-note muted">Select a base to see what it lacks.</p>
        ) : (
          <>
            <h3 className="entry__title">{shortReference(base.reference)}</h3>
            <Facts>
              <Fact name="Verdict">
                <BaseBadge base={base} />
              </Fact>
              <Fact name="Packed size">{formatBytes(base.packedSize)}</Fact>
              <Fact name="WoW64">{base.hasWow64 ? 'yes' : 'no'}</Fact>
              <Fact name="Unsuitable">{formatPlural(base.unsuitable, 'program')}</Fact>
              {base.missing.length > 0 && (
                <Fact name="Missing libraries">
                  <span className="mono">{base.missing.map(visible).join(', ')}</span>
                </Fact>
              )}
            </Facts>
          </>
        )
      }
    />
  );
}

function BaseBadge({ base }: { readonly base: BaseVerdict }) {
  return base.satisfied ? (
    <Badge tone="ok">has everything</Badge>
  ) : (
    <Badge tone="bad">would not do</Badge>
  );
}

const baseColumns: readonly Column<BaseVerdict>[] = [
  { column: 'base', title: 'Base', render: ({ reference }) => shortReference(reference) },
  {
    column: 'verdict',
    title: 'Verdict',
    width: '10rem',
    render: base => <BaseBadge base={base} />,
  },
  {
    column: 'missing',
    title: 'Missing',
    width: '6rem',
    align: 'end',
    render: ({ missing }) => (missing.length >= 50 ? '50 or more' : formatCount(missing.length)),
  },
  {
    column: 'size',
    title: 'Packed size',
    width: '7rem',
    align: 'end',
    render: ({ packedSize }) => formatBytes(packedSize),
  },
];
