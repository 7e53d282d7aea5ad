import { FunnelX, ListFilter, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { buildStatuses, type BuildStatus } from '../../../shared/ipc/build-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { IconButton } from '../../components/button.tsx';
import { Select, type Option } from '../../components/select.tsx';
import { visible } from '../../components/visible.ts';
import { valueOr } from '../../stores/loadable.ts';
import { lastPart, wordsOfStatus } from './build-words.ts';
import { DeleteBuildsDialog } from './delete-builds-dialog.tsx';

const statusOptions: readonly Option<BuildStatus | ''>[] = [
  { value: '', label: 'Any result' },
  ...buildStatuses.map(status => ({ value: status, label: wordsOfStatus(status).label })),
];

const timeOptions: readonly Option<string>[] = [
  { value: '', label: 'Any time' },
  { value: '1', label: 'Last day' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
];

interface Chosen {
  readonly status: BuildStatus | '';
  readonly contextDir: string;
  readonly days: string;
}

/** Beside the search of the list (`children`): narrows it by result, time and folder, and deletes several builds. */
export function ListFilters({ children }: { readonly children: ReactNode }) {
  const { stores } = useApp();
  const { filter, total, setFilter } = useStore(stores.builds);
  const [open, setOpen] = useState(false);
  const [deleting, setDeleting] = useState(false);
  // Another build may be in another folder.
  const projects = valueOr(useHeld(useAnswer('history.projects', {}, total).answer), []);
  const { contextDir = '', days } = filter;
  const status: Chosen['status'] = filter.status ?? '';
  const narrow = (part: Partial<Chosen>): void => {
    const now: Chosen = { status, contextDir, days: days === undefined ? '' : String(days) };
    const chosen = { ...now, ...part };
    void setFilter({
      ...(chosen.status === '' ? {} : { status: chosen.status }),
      ...(chosen.contextDir === '' ? {} : { contextDir: chosen.contextDir }),
      ...(chosen.days === '' ? {} : { days: Number(chosen.days) }),
    });
  };
  const options: readonly Option<string>[] = [
    { value: '', label: 'All folders' },
    ...projects.map(project => ({
      value: project.contextDir,
      label: `${visible(lastPart(project.contextDir))} (${project.builds})`,
    })),
  ];
  const isNarrowed = Object.keys(filter).length > 0;
  return (
    <>
      <div className="builds-list__bar">
        {children}
        <IconButton
          label={isNarrowed ? 'Clear the filters' : 'Filters'}
          icon={isNarrowed ? <FunnelX aria-hidden="true" /> : <ListFilter aria-hidden="true" />}
          aria-expanded={open || isNarrowed}
          onClick={() => (isNarrowed ? void setFilter({}) : setOpen(!open))}
        />
        <IconButton
          label="Delete several builds…"
          icon={<Trash2 aria-hidden="true" />}
          onClick={() => setDeleting(true)}
        />
      </div>
      {(open || isNarrowed) && (
        <div className="builds-list__filters">
          <Select
            label="Result"
            value={status}
            options={statusOptions}
            onValueChange={chosen => narrow({ status: chosen })}
          />
          <Select
            label="Time"
            value={days === undefined ? '' : String(days)}
            options={timeOptions}
            onValueChange={chosen => narrow({ days: chosen })}
          />
          <Select
            label="Folder"
            value={contextDir}
            options={options}
            onValueChange={chosen => narrow({ contextDir: chosen })}
          />
        </div>
      )}
      {deleting && <DeleteBuildsDialog onClose={() => setDeleting(false)} />}
    </>
  );
}
