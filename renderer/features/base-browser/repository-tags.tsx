import { FileDown } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible } from '../../components/visible.ts';
import { RegistryNotice } from '../../registries/registry-notice.tsx';
import { settled } from '../../stores/loadable.ts';
import { TagList } from './tag-list.tsx';
import { tagRows } from './tag-rows.ts';

/** As many as one answer holds; the filter narrows what there is beyond. */
const mostTags = 5000;

interface RepositoryTagsProps {
  readonly registry: string;
  /** With its registry. */
  readonly repository: string;
}

/** The tags of a repository: what the registry lists, and what the store has, also while the registry cannot be reached. */
export function RepositoryTags({ registry, repository }: RepositoryTagsProps) {
  const { api, stores } = useApp();
  const version = useStore(stores.registries, state => state.version);
  const input = { repository, limit: mostTags };
  const asked = useAnswer('registry.tags', input, version);
  const tags = useHeld(asked.answer);
  const stored = useStoredTags(repository);
  const names = tags.kind === 'ready' ? tags.value.names : noNames;
  const images = stored.kind === 'ready' ? stored.value : noImages;
  const rows = useMemo(() => tagRows(repository, names, images), [repository, names, images]);
  const hasRows = rows.length > 0;
  const refresh = async () => {
    await settled(api.request('registry.tags', { repository, limit: 1, fresh: true }));
    asked.retry();
  };
  return (
    <>
      {tags.kind === 'failed' && (
        <RegistryNotice
          failure={tags.failure}
          registry={registry}
          meanwhile={hasRows ? 'The tags in the store are shown.' : 'The store has no tag of it.'}
          onRetry={asked.retry}
        />
      )}
      {tags.kind === 'ready' && tags.value.total > names.length && (
        <p className="tags__cut muted">
          The first {names.length} of {tags.value.total} tags are shown.
        </p>
      )}
      {tags.kind === 'loading' && !hasRows && (
        <Skeleton label={`Asking ${visible(registry)} for its tags`} />
      )}
      {hasRows && (
        <TagList
          rows={rows}
          asksRegistry={tags.kind === 'ready'}
          onRefresh={() => void refresh()}
        />
      )}
      {tags.kind === 'ready' && !hasRows && <EmptyState title="This repository has no tags" />}
      {tags.kind === 'failed' && !hasRows && <NothingAtHand />}
    </>
  );
}

/** A way on without the registry. */
function NothingAtHand() {
  const { stores } = useApp();
  return (
    <EmptyState
      title="No tags at hand"
      actions={
        <Button
          icon={<FileDown aria-hidden="true" />}
          onClick={() => void stores.commands.getState().run('images.load')}
        >
          Load an image from a file…
        </Button>
      }
    >
      <p>Who has a way to the registry can save or bundle its images to a file.</p>
    </EmptyState>
  );
}

const noNames: readonly string[] = [];
const noImages: readonly BaseTag[] = [];

/** The tags of a repository in the store alone. */
export function StoredTags({ repository }: { readonly repository: string }) {
  const stored = useStoredTags(repository);
  const images = stored.kind === 'ready' ? stored.value : noImages;
  const rows = useMemo(() => tagRows(repository, noNames, images), [repository, images]);
  switch (stored.kind) {
    case 'loading':
      return <Skeleton label={`Loading the tags of ${visible(repository)}`} />;
    case 'failed':
      return <FailureView title="The tags could not be listed" failure={stored.failure} />;
    case 'ready':
      return <TagList rows={rows} asksRegistry={false} />;
  }
}

function useStoredTags(repository: string) {
  const { stores } = useApp();
  const images = useStore(stores.images, state => state.images);
  return useHeld(useAnswer('base.stored', { repository }, images).answer);
}
