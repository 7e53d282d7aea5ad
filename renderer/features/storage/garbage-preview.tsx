import type { GarbageItem, GarbageList } from '../../../shared/ipc/storage-views.ts';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { visible } from '../../components/visible.ts';
import { keyOf } from './item-table.tsx';
import { kindWords, wordsOfReason } from './storage-words.ts';

/** Exactly what would go, and why. */
export function GarbagePreview({ list }: { readonly list: GarbageList }) {
  const { freedBytes, items, overBytes } = list;
  return (
    <div className="storage__preview" style={{ '--rows': items.length } as React.CSSProperties}>
      <p role="status">
        {items.length === 0
          ? 'Nothing would be removed.'
          : `${formatPlural(items.length, 'thing')} would be removed. That frees ${formatBytes(freedBytes)}.`}
      </p>
      {overBytes !== undefined && (
        <p className="storage__over">
          The store would still be {formatBytes(overBytes)} over the limit: all else is to be kept.
        </p>
      )}
      {items.length > 0 && (
        <LongTable
          label="What would be removed"
          columns={columns}
          rows={items}
          rowKey={keyOf}
          minWidth="34rem"
        />
      )}
    </div>
  );
}

const columns: readonly Column<GarbageItem>[] = [
  {
    column: 'title',
    title: 'What',
    sortValue: ({ title }) => title,
    render: ({ title }) => (
      <span className="truncate" data-tooltip={visible(title)}>
        {visible(title)}
      </span>
    ),
  },
  {
    column: 'kind',
    title: 'Kind',
    width: '12.5rem',
    sortValue: ({ kind }) => kindWords[kind].label,
    render: ({ kind }) => kindWords[kind].label,
  },
  {
    column: 'reason',
    title: 'Why',
    width: '11rem',
    sortValue: ({ reason }) => wordsOfReason(reason),
    render: ({ reason }) => wordsOfReason(reason),
  },
  {
    column: 'frees',
    title: 'Frees',
    width: '6.5rem',
    align: 'end',
    sortValue: ({ bytes }) => bytes,
    render: ({ bytes }) => formatBytes(bytes),
  },
];
