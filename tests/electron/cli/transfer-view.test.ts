import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { showTransfer } from '../../../electron/cli/progress/transfer-progress.ts';
import { drawTransfer } from '../../../electron/cli/progress/transfer-view.ts';
import type { Terminal } from '../../../electron/cli/terminal.ts';
import type { BlobProgress, TransferEvent } from '../../../shared/ipc/transfer-events.ts';
import { newTransferProgress, transferAfter } from '../../../shared/ipc/transfer-progress.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';

const digests = ['a', 'b', 'c'].map(digit => sha256Digest(digit.repeat(64)));

function blob(index: number, part: Partial<BlobProgress>): BlobProgress {
  const digest = digests[index] ?? sha256Digest('0'.repeat(64));
  return { digest, mediaType: 'x', state: 'waiting', current: 0, total: 2e8, ...part };
}

const events: readonly (readonly [number, TransferEvent])[] = [
  [0, { kind: 'planned', blobs: [0, 1, 2].map(index => blob(index, {})) }],
  [1000, { kind: 'blob', ...blob(0, { state: 'done', outcome: 'present' }) }],
  [4000, { kind: 'blob', ...blob(1, { state: 'downloading', current: 1e8, resumedFrom: 2e7 }) }],
  [4000, { kind: 'note', text: 'cut off, \u001b[31mtrying again' }],
];

const progress = events.reduce(
  (before, [time, event]) => transferAfter(before, event, time),
  newTransferProgress,
);

const draw = (columns: number, rows = 24) =>
  drawTransfer('Pulling x', progress, { now: 4000, columns, rows }).map(stripVTControlCharacters);

describe('the live view of a transfer', () => {
  test('has a line for all and one for each blob, with bar, rate, time left and where it went on', () => {
    expect(draw(120)).toEqual([
      'Pulling x  300 MB / 600 MB  50 %  20.0 MB/s  15.0s left',
      ' ✔ sha256:aaaaaaaaaaaa  200 MB  present',
      ` ↔ sha256:bbbbbbbbbbbb  ${'█'.repeat(10)}${'░'.repeat(10)}  100 MB / 200 MB  downloading  20.0 MB/s  5.0s, resumed at 20.0 MB`,
      ' · sha256:cccccccccccc  200 MB  waiting',
      '   cut off, ␛[31mtrying again',
    ]);
  });

  test('keeps to the width and height of the terminal, what moves before what is done', () => {
    const lines = draw(40, 4);
    expect(lines.every(line => line.length <= 40)).toBe(true);
    expect(lines[1]).toContain('bbbbbbbb');
    expect(lines[2]).toContain('and 2 blobs more');
  });
});

test('plain lines say what was chosen, what there is, and each blob that is done', () => {
  const notes: string[] = [];
  const terminal = { note: (text: string) => notes.push(text) } as unknown as Terminal;
  const { show } = showTransfer('plain', 'Pulling x', terminal);
  const [digest = sha256Digest('0'.repeat(64))] = digests;
  show({ kind: 'resolving', reference: 'x' });
  const considered = [{ digest, platform: 'windows/amd64', chosen: true, reason: 'It fits.' }];
  show({ kind: 'resolved', reference: 'x', digest, considered });
  for (const [, event] of events) show(event);
  expect(notes).toEqual([
    'Pulling x',
    `is ${digest}`,
    'took windows/amd64: It fits.',
    '3 blobs, 600 MB',
    'sha256:aaaaaaaaaaaa  200 MB  present',
    'note: cut off, \u001b[31mtrying again',
  ]);
});
