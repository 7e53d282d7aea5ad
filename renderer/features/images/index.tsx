import { Combine, Download, FileDown, MoreHorizontal, Package, Sparkles } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import type { BundleReportView } from '../../../shared/ipc/registry-views.ts';
import { useApp, useCommands } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { MenuButton } from '../../components/menu.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { BundleDialog, ReportDialog } from './bundle-dialog.tsx';
import { ComposeDialog } from './compose-dialog.tsx';
import { ImageDialogs, type ImageDialog } from './image-dialogs.tsx';
import { ImageTable } from './image-table.tsx';
import { matchesImage } from './image-rows.ts';
import { PullDialog } from './pull-dialog.tsx';
import { TransferStrip } from './transfer-strip.tsx';
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
      return <Images images={images.value} />;
  }
}

/** What is being done besides what one image is about. */
type Task =
  | { readonly kind: 'pull' | 'compose' | 'bundle' }
  | { readonly kind: 'report'; readonly report: BundleReportView };

function Images({ images }: { readonly images: readonly ImageSummary[] }) {
  const [task, setTask] = useState<Task>();
  const [dialog, setDialog] = useState<ImageDialog>();
  const { navigate } = useApp();
  useCommands(() => {
    const command = (kind: 'pull' | 'compose' | 'bundle', title: string) => ({
      command: `images.${kind}`,
      title,
      group: 'Images',
      run() {
        navigate.show('images');
        setTask({ kind });
      },
    });
    return [
      command('pull', 'Pull an image…'),
      command('compose', 'Compose an index of images…'),
      command('bundle', 'Write a bundle of images…'),
    ];
  }, [navigate]);
  return (
    <>
      {images.length === 0 ? (
        <>
          <TransferStrip />
          <NoImages onTask={setTask} />
        </>
      ) : (
        <ImageList images={images} onTask={setTask} onDialog={setDialog} />
      )}
      {task !== undefined && (
        <TaskDialog
          task={task}
          images={images}
          onClose={() => setTask(undefined)}
          onPush={reference => setDialog({ kind: 'push', reference })}
        />
      )}
      {dialog && <ImageDialogs dialog={dialog} onClose={() => setDialog(undefined)} />}
    </>
  );
}

interface TaskDialogProps {
  readonly task: Task;
  readonly images: readonly ImageSummary[];
  readonly onClose: () => void;
  readonly onPush: (reference: string) => void;
}

function TaskDialog({ task, images, onClose, onPush }: TaskDialogProps) {
  switch (task.kind) {
    case 'pull':
      return <PullDialog onClose={onClose} />;
    case 'compose':
      return <ComposeDialog images={images} onClose={onClose} onPush={onPush} />;
    case 'bundle':
      return <BundleDialog images={images} onClose={onClose} />;
    case 'report':
      return (
        <ReportDialog title="The bundle was imported" report={task.report} onClose={onClose} />
      );
  }
}

interface TaskProps {
  readonly onTask: (task: Task) => void;
}

function NoImages({ onTask }: TaskProps) {
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
          <Button icon={<Download aria-hidden="true" />} onClick={() => onTask({ kind: 'pull' })}>
            Pull…
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

interface ImageListProps extends TaskProps {
  readonly images: readonly ImageSummary[];
  readonly onDialog: (dialog: ImageDialog) => void;
}

function ImageList({ images, onTask, onDialog }: ImageListProps) {
  const { stores } = useApp();
  const [filter, setFilter] = useState('');
  const shown = useMemo(
    () => images.filter(image => matchesImage(image, filter)),
    [images, filter],
  );
  const info = useStore(stores.appInfo, state => state.info);
  const run = (command: string) => () => void stores.commands.getState().run(command);
  return (
    <>
      <header className="surface-head images__head">
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
        <Button icon={<Download aria-hidden="true" />} onClick={() => onTask({ kind: 'pull' })}>
          Pull…
        </Button>
        <Button icon={<Combine aria-hidden="true" />} onClick={() => onTask({ kind: 'compose' })}>
          Compose index…
        </Button>
        <Button icon={<FileDown aria-hidden="true" />} onClick={run('images.load')}>
          Load…
        </Button>
        <MoreMenu onTask={onTask} />
      </header>
      <TransferStrip />
      <div className="surface-body">
        <ImageTable images={shown} onDialog={onDialog} />
        {shown.length === 0 && (
          <EmptyState
            title={`No image fits “${filter}”`}
            actions={<Button onClick={() => setFilter('')}>Show all images</Button>}
          />
        )}
      </div>
    </>
  );
}

/** Bundles and samples. */
function MoreMenu({ onTask }: TaskProps) {
  const { api, stores } = useApp();
  const run = (command: string) => () => void stores.commands.getState().run(command);
  const importBundle = async () => {
    const { ask } = stores.pathQuestions.getState();
    const file = await ask({ kind: 'openFile', title: 'Import a bundle' });
    if (file === undefined) return;
    onTask({ kind: 'report', report: await api.request('bundle.import', { file }) });
  };
  const tellError = (error: unknown) =>
    stores.notices.getState().tellError(error, 'Import a bundle');
  return (
    <MenuButton
      menuLabel="Bundles and samples"
      icon={<MoreHorizontal aria-hidden="true" />}
      items={[
        { kind: 'action', label: 'Write a bundle…', onSelect: () => onTask({ kind: 'bundle' }) },
        {
          kind: 'action',
          label: 'Import a bundle…',
          onSelect: () => void importBundle().catch(tellError),
        },
        { kind: 'separator' },
        {
          kind: 'action',
          label: 'Make the sample base images',
          onSelect: run('images.makeSamples'),
        },
      ]}
    >
      More
    </MenuButton>
  );
}
