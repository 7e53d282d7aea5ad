import { useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { useAction } from '../../app/context/use-action.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Digest } from '../../components/digest.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import { visible } from '../../components/visible.ts';
import type { InputOf } from '../../../shared/ipc/contract.ts';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import type { BundleReportView } from '../../../shared/ipc/registry-views.ts';
import { ImageChecks } from './compose-dialog.tsx';

type Foreign = NonNullable<InputOf<'bundle.create'>['foreign']>;

const policies: readonly { readonly value: Foreign; readonly label: string }[] = [
  { value: 'fetch', label: 'Take them along' },
  { value: 'skip', label: 'Leave them to their own addresses' },
];

const policyHints: { readonly [F in Foreign]: string } = {
  fetch: 'Those that the store lacks are fetched now: the other network may have no way to them.',
  skip: 'The bundle is smaller; who imports it needs a way to Microsoft for old Windows bases.',
};

interface BundleDialogProps {
  readonly images: readonly ImageSummary[];
  readonly onClose: () => void;
}

/** Writes several images with all their blobs to one archive. */
export function BundleDialog({ images, onClose }: BundleDialogProps) {
  const { api, stores } = useApp();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [foreign, setForeign] = useState<Foreign>('fetch');
  const [report, setReport] = useState<BundleReportView>();
  const { busy, failure, act } = useAction(() => undefined);
  const create = async () => {
    const { ask } = stores.pathQuestions.getState();
    const file = await ask({
      kind: 'saveFile',
      title: 'Write a bundle',
      suggestedName: 'images.bundle.tar',
    });
    if (file === undefined) return;
    setReport(await api.request('bundle.create', { references: [...chosen], file, foreign }));
  };
  if (report !== undefined) {
    return <ReportDialog title="The bundle is written" report={report} onClose={onClose} />;
  }
  return (
    <Dialog
      title="Write a bundle"
      width="large"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={busy}
            disabled={chosen.length === 0}
            onClick={() => void act(create)}
          >
            Choose where…
          </Button>
        </>
      }
    >
      <p className="muted">
        Images with everything that belongs to them in one OCI archive, for networks without a
        registry. Importing it checks every blob.
      </p>
      <ImageChecks
        legend="Images"
        images={images}
        chosen={chosen}
        onChosen={setChosen}
        none="The store has no image yet."
      />
      <Select
        label="Foreign layers"
        value={foreign}
        options={policies}
        hint={policyHints[foreign]}
        onValueChange={setForeign}
      />
      {failure && <FailureView title="The bundle was not written" failure={failure} />}
    </Dialog>
  );
}

interface ReportDialogProps {
  readonly title: string;
  readonly report: BundleReportView;
  readonly onClose: () => void;
}

const states = {
  complete: { tone: 'ok', label: 'complete' },
  'complete-but-foreign': { tone: 'warn', label: 'without foreign layers' },
  incomplete: { tone: 'bad', label: 'incomplete, not imported' },
} as const;

/** What was found when a bundle was hashed, image by image. */
export function ReportDialog({ title, report, onClose }: ReportDialogProps) {
  const { blobs, bytes, images, path } = report;
  const whole = images.filter(({ state }) => state !== 'incomplete').length;
  return (
    <Dialog
      title={title}
      width="large"
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <p>
        <code>{visible(path)}</code>: {formatPlural(blobs, 'blob')}, {formatBytes(bytes)}, every one
        hashed. {whole} of {formatPlural(images.length, 'image')} whole.
      </p>
      <ul className="bundle__images">
        {images.map(image => (
          <li key={`${image.reference} ${image.descriptor.digest}`}>
            <span className="mono truncate">
              {visible(image.reference ?? image.descriptor.digest)}
            </span>
            <Badge tone={states[image.state].tone}>{states[image.state].label}</Badge>
            <span className="muted truncate">{image.platforms.map(visible).join(', ')}</span>
            <BlobList what="Damaged" blobs={image.damaged} />
            <BlobList what="Missing" blobs={image.missing} />
            <BlobList what="Foreign, not included" blobs={image.foreignMissing} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function BlobList({
  what,
  blobs,
}: {
  readonly what: string;
  readonly blobs: BundleReportView['images'][number]['missing'];
}) {
  if (blobs.length === 0) return null;
  return (
    <span className="bundle__blobs">
      {what}:
      {blobs.map(({ digest, size }) => (
        <span key={digest}>
          <Digest digest={digest} copy={false} /> {formatBytes(size)}
        </span>
      ))}
    </span>
  );
}
