import { useState } from 'react';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { formatAgo, formatBytes } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../components/visible.ts';
import {
  anyTag,
  filterTags,
  fromReference,
  tagKey,
  valuesOf,
  wordsOfVerdict,
  type TagFilter,
} from './base-rows.ts';
import { TagDetail } from './tag-detail.tsx';

/** The tags of a family with their filters, and what is known of the one that is chosen. */
export function TagList({ tags }: { readonly tags: readonly BaseTag[] }) {
  const { navigate } = useApp();
  const [filter, setFilter] = useState(anyTag);
  const [selectedKey, setSelectedKey] = useState<string>();
  const shown = filterTags(tags, filter);
  const selected = shown.find(tag => tagKey(tag) === selectedKey) ?? shown[0];
  return (
    <div className="tags">
      <TagFilters tags={tags} filter={filter} onFilter={setFilter} shown={shown.length} />
      <div className="tags__table">
        <Table
          label="Tags"
          columns={columns}
          rows={shown}
          rowKey={tagKey}
          selectedKey={selected === undefined ? undefined : tagKey(selected)}
          onSelect={tag => setSelectedKey(tagKey(tag))}
          onActivate={tag => navigate.insertFrom(fromReference(tag, 'tag'))}
        />
        {shown.length === 0 && (
          <EmptyState
            title="No tag fits these filters"
            actions={<Button onClick={() => setFilter(anyTag)}>Show all tags</Button>}
          />
        )}
      </div>
      {selected !== undefined && <TagDetail tag={selected} />}
    </div>
  );
}

interface TagFiltersProps {
  readonly tags: readonly BaseTag[];
  readonly filter: TagFilter;
  readonly onFilter: (filter: TagFilter) => void;
  readonly shown: number;
}

const pins = [
  { value: 'any', label: 'Pinned and floating' },
  { value: 'pinned', label: 'Pinned: never moves' },
  { value: 'floating', label: 'Floating: moves monthly' },
] as const;

function TagFilters({ tags, filter, onFilter, shown }: TagFiltersProps) {
  const choices = (property: 'channel' | 'architecture', any: string) => [
    { value: '', label: any },
    ...valuesOf(tags, property).map(value => ({ value, label: value })),
  ];
  return (
    <div className="tags__filters" role="group" aria-label="Filter tags">
      <SearchField
        label="Filter by tag or version"
        value={filter.text}
        onValueChange={text => onFilter({ ...filter, text })}
      />
      <Select
        label="Windows channel"
        hideLabel
        value={filter.channel}
        options={choices('channel', 'Every channel')}
        onValueChange={channel => onFilter({ ...filter, channel })}
      />
      <Select
        label="Architecture"
        hideLabel
        value={filter.architecture}
        options={choices('architecture', 'Every architecture')}
        onValueChange={architecture => onFilter({ ...filter, architecture })}
      />
      <Select
        label="Pinned or floating"
        hideLabel
        value={filter.pin}
        options={pins}
        onValueChange={pin => onFilter({ ...filter, pin })}
      />
      <span className="muted" role="status">
        {shown} of {tags.length}
      </span>
    </div>
  );
}

const columns: readonly Column<BaseTag>[] = [
  {
    column: 'tag',
    title: 'Tag',
    sortValue: ({ tag }) => tag,
    render: ({ tag, pinned }) => (
      <span className="tags__name">
        <strong className="truncate">{visible(tag)}</strong>
        {pinned && (
          <Badge outline title="Names one exact version and never moves">
            pinned
          </Badge>
        )}
      </span>
    ),
  },
  {
    column: 'windows',
    title: 'Windows',
    width: '8.5rem',
    sortValue: ({ osVersion }) => osVersion ?? '',
    render: ({ releaseName }) => releaseName?.replace(/^Windows /, '') ?? 'Unknown release',
  },
  {
    column: 'version',
    title: 'os.version',
    width: '10.8rem',
    sortValue: ({ osVersion }) => osVersion ?? '',
    render: ({ osVersion }) => <span className="numeric">{visible(osVersion ?? 'not given')}</span>,
  },
  {
    column: 'architecture',
    title: 'CPU',
    width: '5.4rem',
    sortValue: ({ architecture }) => architecture,
    render: ({ architecture }) => visible(architecture),
  },
  {
    column: 'verdict',
    title: 'On this host',
    width: '9rem',
    sortValue: ({ verdict }) => verdict.kind,
    render: ({ verdict }) => {
      const { tone, label } = wordsOfVerdict(verdict);
      return (
        <Badge tone={tone} title={verdict.reason}>
          {label}
        </Badge>
      );
    },
  },
  {
    column: 'size',
    title: 'Size',
    width: '5.6rem',
    align: 'end',
    sortValue: ({ size }) => size,
    render: ({ size }) => formatBytes(size),
  },
  {
    column: 'download',
    title: 'To download',
    width: '7.6rem',
    align: 'end',
    sortValue: ({ downloadBytes }) => downloadBytes,
    render: ({ downloadBytes, local }) =>
      local ? <span className="muted">in the store</span> : formatBytes(downloadBytes),
  },
  {
    column: 'layers',
    title: 'Layers',
    width: '5rem',
    align: 'end',
    sortValue: ({ layers }) => layers,
    render: ({ layers }) => layers,
  },
  {
    column: 'created',
    title: 'Made',
    width: '6.6rem',
    sortValue: ({ created }) => Date.parse(created ?? ''),
    render: ({ created }) => <Age created={created} />,
  },
];

function Age({ created }: { readonly created: string | undefined }) {
  const now = useNow(60_000);
  const time = Date.parse(created ?? '');
  return Number.isNaN(time) ? (
    <span className="muted">unknown</span>
  ) : (
    <span className="muted" data-tooltip={created}>
      {formatAgo(time, now)}
    </span>
  );
}
