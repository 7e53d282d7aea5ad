import type {
  BlobProgress,
  OnTransferEvent,
  TransferEvent,
} from '../../../shared/ipc/transfer-events.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';

const intervalMs = 100;

/** What one blob of a transfer tells about itself. */
export type TellBlob = (progress: Omit<BlobProgress, 'digest' | 'mediaType' | 'total'>) => void;

/**
 * Tells about one blob: of its bytes at most ten times a second, of a new state and of the first bytes at once, so that
 * one that stands still soon after its start does not look as if nothing had come.
 */
export function blobTeller(blob: Descriptor, onEvent: OnTransferEvent | undefined): TellBlob {
  let last = { state: '', time: 0, current: 0 };
  return progress => {
    const time = performance.now();
    const isFirst = last.current === 0 && progress.current > 0;
    const goesOn = progress.state === last.state && progress.current < blob.size && !isFirst;
    if (goesOn && time - last.time < intervalMs) return;
    last = { state: progress.state, time, current: progress.current };
    onEvent?.(blobEvent(blob, progress));
  };
}

/** The event of a blob. */
function blobEvent(
  { digest, mediaType, size }: Descriptor,
  progress: Omit<BlobProgress, 'digest' | 'mediaType' | 'total'>,
): TransferEvent {
  return { kind: 'blob', digest, mediaType, total: size, ...progress };
}
