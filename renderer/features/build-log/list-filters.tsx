import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { BuildStatus } from '../../../shared/ipc/build-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { IconButton } from '../../components/button.tsx';
import { Select, type Option } from '../../components/select.tsx';
import { visible } from '../../components/visible.ts';
import { valueOr } from '../../stores/loadable.ts';
import { lastPart, wordsOfStatus } from './build-words.ts';
import { DeleteBuildsDialog } from './delete-builds-dialog.tsx';

const statuses: readonly BuildStatus[] = [
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
];
const statusOptions: readonly Option<BuildStatus | ''>[] = [
  { value: '', label: 'Any result' },
  ...statuses.map(status => ({ value: status, label: wordsOfStatus(status).label })),
];

/** Narrows the list of builds by result and folder, and deletes several of them. */
export function ListFilters() {
  const { stores } = useApp();
  const { filter, total, setFilter } = useStore(stores.builds);
  const [deleting, setDeleting] = useState(false);
  // Another build may be in another folder.
  const projects = valueOr(useHeld(useAnswer('history.projects', {}, total).answer), []);
  const { contextDir = '', status = '' } = filter;
  const options: readonly Option<string>[] = [
    { value: '', label: 'All folders' },
    ...projects.map(project => ({
      value: project.contextDir,
      label: `${visible(lastPart(project.contextDir))} (${project.builds})`,
    })),
  ];
  return (
    <div className="builds-list__filters">
      <Select
        label="Result"
        hideLabel
        value={status}
        options={statusOptions}
        onValueChange={chosen =>
          void setFilter({
            ...(chosen === '' ? {} : { status: chosen }),
            ...(contextDir === '' ? {} : { contextDir }),
          })
        }
      />
      <Select
        label="Folder"
        hideLabel
        value={contextDir}
        options={options}
        onValueChange={chosen =>
          void setFilter({
            ...(status === '' ? {} : { status }),
            ...(chosen === '' ? {} : { contextDir: chosen }),
          })
        }
      />
      <IconButton
        label="Delete several builds…"
        icon={<Trash2 aria-hidden="true" />}
        onClick={() => setDeleting(true)}
      />
      {deleting && <DeleteBuildsDialog onClose={() => setDeleting(false)} />}
    </div>
  );
}
