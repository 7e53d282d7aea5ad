import { useEffect, useState } from 'react';
import type { SavedFile } from '../../../shared/ipc/build-events.ts';
import type { Failure } from '../../../shared/failure.ts';
import { failureOf } from '../../../shared/failure.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible } from '../../components/visible.ts';

interface SavedFileDialogProps {
  readonly buildId: string;
  readonly stepId: string;
  readonly file: SavedFile;
  readonly onClose: () => void;
}

/** The log of an installer that was saved because its step failed. */
export function SavedFileDialog({ buildId, stepId, file, onClose }: SavedFileDialogProps) {
  const { api } = useApp();
  const [read, setRead] = useState<{ readonly text: string; readonly isCut: boolean }>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    const stop = new AbortController();
    api
      .request('build.file', { buildId, stepId, name: file.name }, stop.signal)
      .then(setRead)
      .catch((error: unknown) => stop.signal.aborted || setFailure(failureOf(error)));
    return () => stop.abort();
  }, [api, buildId, stepId, file.name]);
  return (
    <Dialog
      title={visible(file.path)}
      width="large"
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {failure && <FailureView title="The file cannot be read" failure={failure} />}
      {!failure && !read && <Skeleton label="Reading the file" />}
      {read && (
        <>
          {read.isCut && <p className="muted">Only the beginning is shown.</p>}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
          <pre className="kept__output" tabIndex={0}>
            {visibleLines(read.text)}
          </pre>
        </>
      )}
    </Dialog>
  );
}

/** Whatever the container wrote, the page shows it as text; line ends stay. */
function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
