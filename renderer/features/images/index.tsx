import { FileDown, Package, Sparkles } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { ImageDialogs, type ImageDialog } from './image-dialogs.tsx';
import { ImageTable } from './image-table.tsx';
import { matchesImage } from './image-rows.ts';
import './images.css';

/** The images of the store: what they are, what they take, and what one can do with them. */
export function Surface() {
  const { stores } = useApp();
  const { images, refresh } = useStore(stores.images);
  switch (images.kind) {
    case 'loading':
      return <Skeleton label="Loading the images" />;
    case 'failed':
      return (
        <FailureView
          title="The images could not be listed"
          failure={images.failure}
          onRetry={() => void refresh()}
        />
      );
    case 'ready':
      return images.value.length === 0 ? <NoImages /> : <ImageList images={images.value} />;
  }
}

function NoImages() {
  const { stores } = useApp();
  const run = (command: string) => () => void stores.commands.getState().run(command);
  return (
    <EmptyState
      icon={<Package aria-hidden="true" />}
      title="No images yet"
      actions={
        <>
          <Button
            variant="primary"
            icon={<Sparkles aria-hidden="true" />}
            onClick={run('images.makeSamples')}
          >
            Make the sample base images
          </Button>
          <Button icon={<FileDown aria-hidden="true" />} onClick={run('images.load')}>
            Load from a file…
          </Button>
        </>
      }
    >
      <p>
        What you build, load or pull appears here. The sample bases have the true form of Windows
        images and need no network.
      </p>
    </EmptyState>
  );
}

function ImageList({ images }: { readonly images: readonly ImageSummary[] }) {
  const { stores } = useApp();
  const [filter, setFilter] = useState('');
  const [dialog, setDialog] = useState<ImageDialog>();
  const shown = useMemo(
    () => images.filter(image => matchesImage(image, filter)),
    [images, filter],
  );
  const info = useStore(stores.appInfo, state => state.info);
  const run = (command: string) => () => void stores.commands.getState().run(command);
  return (
    <>
      <header className="surface-head">
        <h2>Images</h2>
        <span className="muted" role="status">
          {shown.length === images.length ? '' : `${shown.length} of `}
          {formatPlural(images.length, 'image')}
          {info.kind === 'ready' && `, ${formatBytes(info.value.storeBytes)} in the store`}
        </span>
        <span className="surface-head__spacer" />
        <SearchField
          label="Filter images"
          className="images__filter"
          value={filter}
          onValueChange={setFilter}
        />
        <Button icon={<Sparkles aria-hidden="true" />} onClick={run('images.makeSamples')}>
          Make samples
        </Button>
        <Button icon={<FileDown aria-hidden="true" />} onClick={run('images.load')}>
          Load…
        </Button>
      </header>
      <div className="surface-body">
        <ImageTable images={shown} onDialog={setDialog} />
        {shown.length === 0 && (
          <EmptyState
            title={`No image fits “${filter}”`}
            actions={<Button onClick={() => setFilter('')}>Show all images</Button>}
          />
        )}
      </div>
      {dialog && <ImageDialogs dialog={dialog} onClose={() => setDialog(undefined)} />}
    </>
  );
}
