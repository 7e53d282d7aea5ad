import { FileText, SquareTerminal } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SavedFile } from '../../../shared/ipc/build-events.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { formatBytes } from '../../components/format.ts';
import { visible } from '../../components/visible.ts';
import type { StepView } from '../../stores/build-view.ts';
import { KeptDialog } from './kept-dialog.tsx';
import { SavedFileDialog } from './saved-file-dialog.tsx';

interface FailedStepProps {
  readonly buildId: string;
  readonly step: StepView;
}

/** What a failed RUN left: logs of installers, and its files as long as they are kept. Nothing where it left nothing. */
export function FailedStep({ buildId, step }: FailedStepProps) {
  const isKept = useIsKept(buildId, step);
  const [shown, setShown] = useState<SavedFile>();
  const [inShell, setInShell] = useState(false);
  const files = step.files ?? [];
  if (files.length === 0 && !isKept) return null;
  return (
    <div className="steps__left" role="group" aria-label="What the step left">
      {isKept && (
        <Button
          size="small"
          icon={<SquareTerminal aria-hidden="true" />}
          onClick={() => setInShell(true)}
        >
          Look into its files
        </Button>
      )}
      {files.map(file => (
        <Button
          key={file.name}
          size="small"
          icon={<FileText aria-hidden="true" />}
          data-tooltip={visible(file.path)}
          onClick={() => setShown(file)}
        >
          {visible(file.name)}, {formatBytes(file.bytes)}
        </Button>
      ))}
      {shown && (
        <SavedFileDialog
          buildId={buildId}
          stepId={step.stepId}
          file={shown}
          onClose={() => setShown(undefined)}
        />
      )}
      {inShell && <KeptDialog buildId={buildId} step={step} onClose={() => setInShell(false)} />}
    </div>
  );
}

/** It was kept, and nobody has dropped it since. */
function useIsKept(buildId: string, { kept, stepId }: StepView): boolean {
  const { api } = useApp();
  const [isKept, setKept] = useState(false);
  useEffect(() => {
    if (kept !== true) return undefined;
    let gone = false;
    const look = (): void => {
      api
        .request('kept.list', {})
        .then(steps => {
          if (!gone)
            setKept(steps.some(step => step.buildId === buildId && step.stepId === stepId));
        })
        // Without an answer there is nothing to offer.
        .catch(() => undefined);
    };
    look();
    const stop = api.on('kept.changed', look);
    return () => {
      gone = true;
      stop();
    };
  }, [api, buildId, kept, stepId]);
  return kept === true && isKept;
}
