import { CircleAlert, CircleCheck, Download, RotateCcw, Square, Upload, X } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../app/context.tsx';
import { Button, IconButton } from '../components/button.tsx';
import { FailureView } from '../components/failure-view.tsx';
import { formatBytes, formatDuration, formatPlural } from '../components/format.ts';
import { Progress } from '../components/progress.tsx';
import { visible } from '../components/visible.ts';
import { Digest } from '../components/digest.tsx';
import type { TransferView } from '../../shared/ipc/registry-views.ts';
import { blobWords, progressWords } from './transfer-words.ts';
import './transfer-card.css';

interface TransferCardProps {
  readonly transfer: TransferView;
  /** Does the same again, after a failure. */
  readonly onRetry?: (() => void) | undefined;
}

/** A pull or push: how far it is, what it came to, and what one can do about it. */
export function TransferCard({ transfer, onRetry }: TransferCardProps) {
  const { api, stores } = useApp();
  const { transferId, kind, reference, state } = transfer;
  const act = (channel: 'transfer.cancel' | 'transfer.dismiss') => () =>
    void api
      .request(channel, { transferId })
      .catch((error: unknown) => stores.notices.getState().tellError(error, reference));
  const title = `${titles[kind][state.kind]} ${visible(reference)}`;
  return (
    <section className="transfer" aria-label={title}>
      <header className="transfer__head">
        <StateIcon transfer={transfer} />
        <strong className="truncate">{title}</strong>
        <span className="transfer__words muted numeric">{wordsOf(transfer)}</span>
        {state.kind === 'running' ? (
          <Button
            size="small"
            icon={<Square aria-hidden="true" />}
            onClick={act('transfer.cancel')}
          >
            Cancel
          </Button>
        ) : (
          <IconButton
            size="small"
            label={`Dismiss ${visible(reference)}`}
            icon={<X aria-hidden="true" />}
            onClick={act('transfer.dismiss')}
          />
        )}
      </header>
      {state.kind === 'running' && (
        <>
          <Progress
            label={title}
            current={transfer.current}
            total={state.phase === 'moving' ? transfer.total : undefined}
          />
          <Blobs transfer={transfer} />
        </>
      )}
      {state.kind === 'failed' && state.failure.code === 'cancelled' && (
        <p className="muted">
          What had arrived is kept: it goes on from there.{' '}
          {onRetry && (
            <Button size="small" icon={<RotateCcw aria-hidden="true" />} onClick={onRetry}>
              Go on
            </Button>
          )}
        </p>
      )}
      {state.kind === 'failed' && state.failure.code !== 'cancelled' && (
        <FailureView
          title={kind === 'pull' ? 'The image was not pulled' : 'The image was not pushed'}
          failure={state.failure}
          onRetry={onRetry}
        />
      )}
    </section>
  );
}

const titles = {
  pull: { running: 'Pulling', done: 'Pulled', failed: 'Not pulled:' },
  push: { running: 'Pushing', done: 'Pushed', failed: 'Not pushed:' },
} as const;

function wordsOf(transfer: TransferView): string {
  const { state } = transfer;
  if (state.kind === 'running') return progressWords(transfer);
  if (state.kind === 'failed') return state.failure.code === 'cancelled' ? 'cancelled' : '';
  if (state.movedBytes === 0) return 'nothing had to be moved';
  return `${formatBytes(state.movedBytes)} in ${formatDuration(state.durationMs)}`;
}

function StateIcon({ transfer: { kind, state } }: { readonly transfer: TransferView }) {
  switch (state.kind) {
    case 'running':
      return kind === 'pull' ? <Download aria-hidden="true" /> : <Upload aria-hidden="true" />;
    case 'done':
      return <CircleCheck className="transfer__ok" aria-hidden="true" />;
    case 'failed':
      return <CircleAlert className="transfer__bad" aria-hidden="true" />;
  }
}

/** Layer by layer, for who wants to see it. */
function Blobs({ transfer: { blobs, considered, notes } }: { readonly transfer: TransferView }) {
  const [open, setOpen] = useState(false);
  if (blobs.length === 0) return null;
  const done = blobs.filter(({ state }) => state === 'done').length;
  return (
    <details open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        {formatPlural(done, 'blob')} of {blobs.length} done
      </summary>
      <ul className="transfer__notes">
        {considered.map(({ digest, platform, chosen, reason }) => (
          <li key={digest} className={chosen ? undefined : 'muted'}>
            {chosen ? 'Took' : 'Left'} {visible(platform)}: {visible(reason)}
          </li>
        ))}
        {notes.map((note, index) => (
          <li key={index}>{visible(note)}</li>
        ))}
      </ul>
      <ul className="transfer__blobs">
        {blobs.map(blob => (
          <li key={blob.digest}>
            <Digest digest={blob.digest} copy={false} />
            <span className="numeric">{formatBytes(blob.total)}</span>
            <Progress label={blob.digest} current={blob.current} total={Math.max(1, blob.total)} />
            <span className="muted truncate">{blobWords(blob)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
