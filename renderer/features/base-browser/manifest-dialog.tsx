import { useAnswer } from '../../app/context/use-answers.ts';
import { CopyButton } from '../../components/digest.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible, visibleLines } from '../../components/visible.ts';

interface ManifestDialogProps {
  readonly reference: string;
  readonly onClose: () => void;
}

/** The manifest or index of a tag as the registry holds it, laid out for reading. */
export function ManifestDialog({ reference, onClose }: ManifestDialogProps) {
  const { answer, retry } = useAnswer('registry.manifest', { reference });
  return (
    <Dialog title={`Manifest of ${visible(reference)}`} width="large" onClose={onClose}>
      {answer.kind === 'loading' && <Skeleton label="Fetching the manifest" />}
      {answer.kind === 'failed' && (
        <FailureView
          title="The manifest could not be fetched"
          failure={answer.failure}
          onRetry={retry}
        />
      )}
      {answer.kind === 'ready' && (
        <>
          <p className="muted">
            {visible(answer.value.mediaType)}, {answer.value.size} bytes{' '}
            <CopyButton text={answer.value.text} what="manifest" />
          </p>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by key */}
          <pre className="manifest" tabIndex={0}>
            {laidOut(answer.value.text)}
          </pre>
        </>
      )}
    </Dialog>
  );
}

function laidOut(text: string): string {
  return visibleLines(JSON.stringify(JSON.parse(text), undefined, 2));
}
