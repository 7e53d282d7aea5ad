import { RotateCcw } from 'lucide-react';
import { IconButton } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { valuesOf, type TagFilter, type TagRow } from './tag-rows.ts';

interface TagFiltersProps {
  readonly rows: readonly TagRow[];
  readonly filter: TagFilter;
  readonly onFilter: (filter: TagFilter) => void;
  readonly shown: number;
  readonly onRefresh: (() => void) | undefined;
}

const pins = [
  { value: 'any', label: 'Pinned and floating' },
  { value: 'pinned', label: 'Pinned: never moves' },
  { value: 'floating', label: 'Floating: moves monthly' },
  { value: 'stored', label: 'In the store' },
] as const;

export function TagFilters({ rows, filter, onFilter, shown, onRefresh }: TagFiltersProps) {
  const choices = (property: 'channel' | 'architecture', any: string) => [
    { value: '', label: any },
    ...valuesOf(rows, property).map(value => ({ value, label: value })),
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
      {onRefresh !== undefined && (
        <IconButton
          label="List the tags anew"
          icon={<RotateCcw aria-hidden="true" />}
          onClick={onRefresh}
        />
      )}
      <span className="muted" role="status">
        {shown} of {rows.length}
      </span>
    </div>
  );
}
