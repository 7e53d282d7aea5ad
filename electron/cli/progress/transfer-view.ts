import { styleText } from 'node:util';
import type { BlobProgress } from '../../../shared/ipc/transfer-events.ts';
import { secondsLeft, type TransferProgress } from '../../../shared/ipc/transfer-progress.ts';
import { neutralized } from '../text/neutralize.ts';
import { counted, formatBytes, formatDuration, shortDigest } from '../text/units.ts';
import { displayWidth, fit, padded } from '../text/width.ts';
import type { Frame } from './live-view.ts';

const barWidth = 20;

/** Draws a transfer in lines: all of it, then what moves, what came last and what waits, as far as there is room. */
export function drawTransfer(
  title: string,
  progress: TransferProgress,
  { columns, rows }: Frame,
): readonly string[] {
  const room = Math.max(1, rows - 3);
  const blobs = [...progress.blobs.values()];
  const shown = shownBlobs(blobs, room);
  const hidden = blobs.length - shown.length;
  const note = progress.notes.at(-1);
  return [
    styleText('bold', fit(`${title}  ${totalText(progress)}`, columns), { validateStream: false }),
    ...shown.map(blob => blobLine(blob, progress.rates.get(blob.digest), columns)),
    ...(hidden === 0 ? [] : [fit(`   and ${counted(hidden, 'blob')} more`, columns)]),
    ...(note === undefined ? [] : [fit(`   ${neutralized(note)}`, columns)]),
  ];
}

/** `1.20 GB / 2.50 GB  48 %  12.3 MB/s  1m 46s left`. */
export function totalText(progress: TransferProgress): string {
  const { current, phase, rate, total } = progress;
  if (phase === 'resolving') return 'looking it up';
  if (phase === 'planning') return 'reading what belongs to it';
  const left = secondsLeft(progress);
  const percent = total === 0 ? 100 : Math.floor((current / total) * 100);
  return [
    `${formatBytes(current)} / ${formatBytes(total)}`,
    `${percent} %`,
    ...(rate === undefined || current >= total ? [] : [`${formatBytes(rate)}/s`]),
    ...(left === undefined || current >= total ? [] : [`${formatDuration(left * 1000)} left`]),
  ].join('  ');
}

/** In their order, as many as there is room for: what is done gives way first, then what waits. */
function shownBlobs(blobs: readonly BlobProgress[], room: number): readonly BlobProgress[] {
  if (blobs.length <= room) return blobs;
  const rank = ({ state }: BlobProgress) => (state === 'done' ? 2 : state === 'waiting' ? 1 : 0);
  const kept = new Set(blobs.toSorted((a, b) => rank(a) - rank(b)).slice(0, room));
  return blobs.filter(blob => kept.has(blob));
}

function blobLine(blob: BlobProgress, rate: number | undefined, columns: number): string {
  const { digest, state } = blob;
  const mark = state === 'done' ? '✔' : state === 'waiting' ? '·' : '↔';
  const room = columns - 24;
  const text = ` ${mark} ${padded(shortDigest(digest), 19)}  ${fit(stateText(blob, rate), room)}`;
  const colour = state === 'done' ? 'green' : state === 'waiting' ? 'dim' : undefined;
  const line = displayWidth(text) > columns ? fit(text, columns) : text;
  return colour === undefined ? line : styleText(colour, line, { validateStream: false });
}

function stateText(blob: BlobProgress, rate: number | undefined): string {
  const { current, outcome, resumedFrom, state, total } = blob;
  const resumed = resumedFrom === undefined ? '' : `, resumed at ${formatBytes(resumedFrom)}`;
  if (state === 'done') return `${formatBytes(total)}  ${outcome ?? 'done'}${resumed}`;
  if (state === 'waiting') {
    const kept = current > 0 ? `, ${formatBytes(current)} kept from before` : '';
    return `${formatBytes(total)}  waiting${kept}`;
  }
  const left =
    rate === undefined || rate < 1 ? '' : `  ${formatDuration(((total - current) / rate) * 1000)}`;
  const speed = rate === undefined ? '' : `  ${formatBytes(rate)}/s${left}`;
  return `${bar(current, total)}  ${formatBytes(current)} / ${formatBytes(total)}  ${state}${speed}${resumed}`;
}

function bar(current: number, total: number): string {
  const filled = total === 0 ? barWidth : Math.round((current / total) * barWidth);
  return '█'.repeat(Math.min(barWidth, filled)).padEnd(barWidth, '░');
}

/** `sha256:0123456789ab 400 MB downloaded, resumed at 80.0 MB`: one blob that is done. */
export function doneText(blob: BlobProgress): string {
  return `${shortDigest(blob.digest)}  ${stateText(blob, undefined)}`;
}
