import { useState, type ReactNode } from 'react';
import type { InputOf } from '../../../shared/ipc/contract.ts';
import { useApp } from '../../app/context.tsx';
import { useAction } from '../../app/context/use-action.ts';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { GarbagePreview } from './garbage-preview.tsx';

export interface RemovalDialogProps {
  readonly title: string;
  readonly input: InputOf<'storage.preview'>;
  /** What is filled in does not make sense yet: the preview is of what did. */
  readonly isStale?: boolean;
  /** Above the preview. */
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/** Shows what would go and why, and removes exactly that once it is confirmed. */
export function RemovalDialog({ title, input, isStale, children, onClose }: RemovalDialogProps) {
  const { api, stores } = useApp();
  const [tries, setTries] = useState(0);
  const { answer, retry } = useAnswer('storage.preview', input, tries);
  const shown = useHeld(answer);
  const { busy, failure, act } = useAction(onClose);
  const list = answer.kind === 'ready' ? answer.value : undefined;
  const remove = async (previewId: string): Promise<void> => {
    const { freedBytes, items } = await api.request('storage.collect', { previewId });
    const message = `Removed ${formatPlural(items.length, 'thing')}, ${formatBytes(freedBytes)} freed.`;
    stores.notices.getState().tell({ tone: 'ok', message });
  };
  const canRemove = list !== undefined && list.items.length > 0 && isStale !== true;
  return (
    <Dialog
      title={title}
      width="large"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="danger"
            busy={busy}
            disabled={!canRemove}
            onClick={() => {
              if (list === undefined) return;
              // A preview can be confirmed once: whatever comes of it, the next one is a new one.
              void act(async () => remove(list.previewId)).finally(() => setTries(tries + 1));
            }}
          >
            {canRemove ? `Remove and free ${formatBytes(list.freedBytes)}` : 'Remove'}
          </Button>
        </>
      }
    >
      {children}
      {failure && <FailureView title="Nothing was removed" failure={failure} />}
      {shown.kind === 'loading' && <Skeleton label="Looking at what would go" />}
      {shown.kind === 'failed' && (
        <FailureView
          title="It cannot be said what would go"
          failure={shown.failure}
          onRetry={retry}
        />
      )}
      {shown.kind === 'ready' && <GarbagePreview list={shown.value} />}
    </Dialog>
  );
}
