import { Trash2 } from 'lucide-react';
import type { StorageItem } from '../../../shared/ipc/storage-views.ts';
import { Badge } from '../../components/badge.tsx';
import { IconButton } from '../../components/button.tsx';
import { formatAgo, formatBytes } from '../../components/format.ts';
import { LongTable } from '../../components/long-table.tsx';
import type { Column } from '../../components/table.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../components/visible.ts';
import { kindWords, stateOf } from './storage-words.ts';

export interface ItemTableProps {
  readonly items: readonly StorageItem[];
  readonly selectedKey: string | undefined;
  readonly onSelect: (item: StorageItem) => void;
  readonly onRemove: (item: StorageItem) => void;
}

/** Names an item among all. */
export function keyOf({ holdingId, kind }: Pick<StorageItem, 'kind' | 'holdingId'>): string {
  return `${kind}:${holdingId}`;
}

/** What takes room, the largest first. */
export function ItemTable({ items, selectedKey, onSelect, onRemove }: ItemTableProps) {
  const now = useNow(60_000);
  return (
    <LongTable
      label="What takes room"
      columns={columnsAt(now, onRemove)}
      rows={items}
      rowKey={keyOf}
      selectedKey={selectedKey}
      onSelect={onSelect}
      onActivate={item => item.kept === undefined && onRemove(item)}
      initialSorting={{ column: 'size', direction: 'descending' }}
      minWidth="52rem"
    />
  );
}

function columnsAt(
  now: number,
  onRemove: (item: StorageItem) => void,
): readonly Column<StorageItem>[] {
  return [
    {
      column: 'title',
      title: 'What',
      sortValue: ({ title }) => title,
      render: item => (
        <span className="storage__what">
          <span className="truncate" data-tooltip={visible(item.title)}>
            {visible(item.title)}
          </span>
          {stateOf(item) !== '' && (
            <Badge tone={item.unused ? 'warn' : 'neutral'}>{stateOf(item)}</Badge>
          )}
        </span>
      ),
    },
    {
      column: 'kind',
      title: 'Kind',
      width: '12rem',
      sortValue: ({ kind }) => kindWords[kind].label,
      render: ({ kind }) => (
        <span className="storage__what">
          <span className={`storage__dot storage__part--${kind}`} aria-hidden="true" />
          <span className="truncate">{kindWords[kind].label}</span>
        </span>
      ),
    },
    {
      column: 'used',
      title: 'Last used',
      width: '9rem',
      sortValue: ({ lastUsedAt }) => lastUsedAt,
      render: ({ lastUsedAt }) => (lastUsedAt === undefined ? '' : formatAgo(lastUsedAt, now)),
    },
    {
      column: 'size',
      title: 'Size',
      width: '7rem',
      align: 'end',
      sortValue: ({ bytes }) => bytes,
      render: ({ bytes }) => formatBytes(bytes),
    },
    {
      column: 'own',
      title: 'Its own',
      width: '7rem',
      align: 'end',
      sortValue: ({ uniqueBytes }) => uniqueBytes,
      render: ({ uniqueBytes }) => formatBytes(uniqueBytes),
    },
    {
      column: 'actions',
      title: '',
      width: '4.5rem',
      align: 'end',
      render: item =>
        item.kept === undefined && (
          <IconButton
            size="small"
            label={`Remove ${visible(item.title)}…`}
            icon={<Trash2 aria-hidden="true" />}
            onClick={() => onRemove(item)}
          />
        ),
    },
  ];
}
