import { RotateCcw, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { formatAgo, formatDuration, formatPlural } from '../../components/format.ts';
import { useContextMenu } from '../../components/menu.tsx';
import { moveFocus } from '../../components/roving.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../components/visible.ts';
import { elapsedMs } from '../../stores/build-view.ts';
import { buildTitle, lastPart, wordsOfStatus } from './build-words.ts';
import { ListFilters } from './list-filters.tsx';
import { BuildIcon } from './state-icon.tsx';

export interface BuildListProps {
  readonly selectedId: string | undefined;
  readonly onSelect: (buildId: string) => void;
  readonly onRerun: (buildId: string) => void;
  readonly onDelete: (build: BuildSummary) => void;
}

/** All builds, newest first. */
export function BuildList(props: BuildListProps) {
  const { stores } = useApp();
  const { list, total, search, setSearch, more } = useStore(stores.builds);
  return (
    <div className="builds-list">
      <div className="builds-list__search">
        <ListFilters>
          <SearchField
            label="Search builds"
            value={search}
            onValueChange={text => void setSearch(text)}
          />
        </ListFilters>
      </div>
      {list.kind === 'loading' && <Skeleton label="Loading the builds" />}
      {list.kind === 'failed' && (
        <FailureView
          title="The builds could not be listed"
          failure={list.failure}
          onRetry={() => void stores.builds.getState().refresh()}
        />
      )}
      {list.kind === 'ready' && <Rows {...props} builds={list.value} />}
      {list.kind === 'ready' && list.value.length < total && (
        <Button size="small" variant="quiet" onClick={() => void more(list.value.length + 200)}>
          Show more of {formatPlural(total, 'build')}
        </Button>
      )}
      {list.kind === 'ready' && list.value.length === 0 && (
        <p className="builds-list__none muted" role="status">
          No build matches.
        </p>
      )}
    </div>
  );
}

function Rows(props: BuildListProps & { readonly builds: readonly BuildSummary[] }) {
  const { builds, selectedId, onSelect, onRerun, onDelete } = props;
  const now = useNow(1000);
  const { menu, open } = useContextMenu('Build');
  const stop = builds.find(build => build.buildId === selectedId) ?? builds[0];
  if (builds.length === 0) return null;
  return (
    <div
      role="listbox"
      aria-label="Builds"
      tabIndex={-1}
      className="builds-list__rows"
      onKeyDown={event => moveFocus(event, '[role=option]', 'vertical')?.click()}
    >
      {builds.map(build => (
        <button
          key={build.buildId}
          type="button"
          role="option"
          aria-selected={build.buildId === selectedId}
          tabIndex={build === stop ? 0 : -1}
          className={classNames(
            'builds-list__row',
            build.buildId === selectedId && 'builds-list__row--selected',
          )}
          onClick={() => onSelect(build.buildId)}
          onKeyDown={event => event.key === 'Delete' && onDelete(build)}
          onContextMenu={event =>
            open(event, [
              {
                kind: 'action',
                label: 'Run again',
                icon: <RotateCcw aria-hidden="true" />,
                onSelect: () => onRerun(build.buildId),
              },
              {
                kind: 'action',
                label: 'Delete…',
                icon: <Trash2 aria-hidden="true" />,
                danger: true,
                disabled: build.status === 'running',
                onSelect: () => onDelete(build),
              },
            ])
          }
        >
          <BuildRow build={build} now={now} />
        </button>
      ))}
      {menu}
    </div>
  );
}

function BuildRow({ build, now }: { readonly build: BuildSummary; readonly now: number }) {
  const { label, tone } = wordsOfStatus(build.status);
  return (
    <>
      <BuildIcon status={build.status} />
      <span className="builds-list__title truncate">{visible(buildTitle(build))}</span>
      <span className="builds-list__age muted">{formatAgo(build.startedAt, now)}</span>
      <span className="builds-list__facts truncate">
        <span className={`tone-${tone}`}>{label}</span>
        {build.status !== 'interrupted' && <> · {formatDuration(elapsedMs(build, now))}</>}
        {' · '}
        {visible(lastPart(build.contextDir))}
      </span>
    </>
  );
}
