import { formatBytes, formatDuration } from '../components/format.ts';
import type { TransferView } from '../../shared/ipc/registry-views.ts';

/** `1.20 GB of 2.50 GB, 12.3 MB/s, 1 min 46 s left`; what is going on where nothing moves yet. */
export function progressWords(transfer: TransferView): string {
  const { current, rate, secondsLeft, state, total } = transfer;
  if (state.kind !== 'running') return '';
  if (state.phase === 'resolving') return 'Looking it up';
  if (state.phase === 'planning') return 'Reading what belongs to it';
  return [
    `${formatBytes(current)} of ${formatBytes(total)}`,
    ...(rate === undefined || current >= total ? [] : [`${formatBytes(rate)}/s`]),
    ...(secondsLeft === undefined || current >= total
      ? []
      : [`${formatDuration(secondsLeft * 1000)} left`]),
  ].join(', ');
}

type Blob = TransferView['blobs'][number];

const outcomes: { readonly [O in NonNullable<Blob['outcome']>]: string } = {
  present: 'there already',
  downloaded: 'downloaded',
  'downloaded-from-url': 'downloaded from its own address',
  uploaded: 'uploaded',
  mounted: 'mounted',
  skipped: 'left out (foreign layer)',
};

/** What happens to one blob. */
export function blobWords(blob: Blob): string {
  const { current, outcome, rate, resumedFrom, state, total } = blob;
  const resumed = resumedFrom === undefined ? '' : `, went on at ${formatBytes(resumedFrom)}`;
  switch (state) {
    case 'waiting':
      return current > 0 ? `waits, ${formatBytes(current)} kept from before` : 'waits';
    case 'done':
      return (outcome === undefined ? 'done' : outcomes[outcome]) + resumed;
    case 'indexing':
      return 'its files are listed';
    case 'verifying':
      return `checked${resumed}`;
    case 'downloading':
    case 'uploading': {
      const speed = rate === undefined ? '' : `, ${formatBytes(rate)}/s`;
      return `${formatBytes(current)} of ${formatBytes(total)}${speed}${resumed}`;
    }
  }
}
