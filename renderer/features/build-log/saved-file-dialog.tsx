import type { SavedFile } from '../../../shared/ipc/build-events.ts';
import { useAnswer } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible, visibleLines } from '../../components/visible.ts';

interface SavedFileDialogProps {
  readonly buildId: string;
  readonly stepId: string;
  readonly file: SavedFile;
  readonly onClose: () => void;
}

/** The log of an installer that was saved because its step failed. */
export function SavedFileDialog({ buildId, stepId, file, onClose }: SavedFileDialogProps) {
  const input = { buildId, stepId, name: file.name };
  const { answer, retry } = useAnswer('build.file', input);
  return (
    <Dialog
      title={visible(file.path)}
      width="large"
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {answer.kind === 'failed' && (
        <FailureView title="The file cannot be read" failure={answer.failure} onRetry={retry} />
      )}
      {answer.kind === 'loading' && <Skeleton label="Reading the file" />}
      {answer.kind === 'ready' && (
        <>
          {answer.value.isCut && <p className="muted">Only the beginning is shown.</p>}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
          <pre className="kept__output" tabIndex={0}>
            {visibleLines(answer.value.text)}
          </pre>
        </>
      )}
    </Dialog>
  );
}
