import { describe, expect, test } from 'vitest';
import type { BlobProgress, TransferEvent } from '../../../shared/ipc/transfer-events.ts';
import {
  newTransferProgress,
  secondsLeft,
  transferAfter,
} from '../../../shared/ipc/transfer-progress.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';

const [a, b] = ['a', 'b'].map(digit => sha256Digest(digit.repeat(64))) as [
  BlobProgress['digest'],
  BlobProgress['digest'],
];

function blob(digest: BlobProgress['digest'], part: Partial<BlobProgress>): BlobProgress {
  return { digest, mediaType: 'x', state: 'downloading', current: 0, total: 1000, ...part };
}

/** The progress after events, each with its time in ms. */
function after(...events: readonly (readonly [number, TransferEvent])[]) {
  return events.reduce(
    (progress, [time, event]) => transferAfter(progress, event, time),
    newTransferProgress,
  );
}

const planned: TransferEvent = {
  kind: 'planned',
  blobs: [blob(a, { state: 'waiting' }), blob(b, { state: 'waiting', current: 400 })],
};

describe('the progress of a transfer', () => {
  test('goes from resolving over planning to moving', () => {
    const resolved: TransferEvent = { kind: 'resolved', reference: 'x', digest: a, considered: [] };
    expect(newTransferProgress.phase).toBe('resolving');
    expect(after([0, resolved]).phase).toBe('planning');
    expect(after([0, resolved], [0, planned])).toMatchObject({
      phase: 'moving',
      current: 400,
      total: 2000,
    });
  });

  test('has a rate for what moves, and the seconds that are left, once a second has passed', () => {
    const progress = after(
      [0, planned],
      [500, { kind: 'blob', ...blob(a, { current: 100 }) }],
      [2000, { kind: 'blob', ...blob(a, { current: 400 }) }],
    );
    expect(progress.rate).toBe(200);
    expect(progress.rates.get(a)).toBe(200);
    expect(secondsLeft(progress)).toBe((2000 - 800) / 200);
    expect(after([0, planned], [500, { kind: 'blob', ...blob(a, { current: 99 }) }]).rate).toBe(
      undefined,
    );
  });

  test('counts neither what was there nor what is left from an earlier run as moved', () => {
    const progress = after(
      [0, planned],
      [1000, { kind: 'blob', ...blob(a, { state: 'done', current: 1000, outcome: 'present' }) }],
      [2000, { kind: 'blob', ...blob(b, { current: 600, resumedFrom: 400 }) }],
    );
    expect(progress.rate).toBe(100);
    expect(progress.current).toBe(1600);
  });

  test('forgets how fast it was long ago', () => {
    const progress = after(
      [0, planned],
      [1000, { kind: 'blob', ...blob(a, { current: 900 }) }],
      [8000, { kind: 'blob', ...blob(a, { current: 910 }) }],
      [9500, { kind: 'blob', ...blob(a, { current: 925 }) }],
    );
    expect(progress.rate).toBe(10);
  });

  test('does not go backwards while what has arrived is checked, and does where a blob starts over', () => {
    const arrived = { kind: 'blob', ...blob(a, { current: 1000 }) } as const;
    const checked = { kind: 'blob', ...blob(a, { state: 'verifying', current: 10 }) } as const;
    expect(after([0, planned], [1, arrived], [2, checked]).current).toBe(1400);
    const again = { kind: 'blob', ...blob(a, { current: 5 }) } as const;
    expect(after([0, planned], [1, arrived], [2, again]).current).toBe(405);
  });

  test('keeps the last notes only', () => {
    const events = Array.from(
      { length: 30 },
      (_, count) => [0, { kind: 'note', text: String(count) }] as const,
    );
    const { notes } = after(...events);
    expect([notes.length, notes.at(-1)]).toEqual([20, '29']);
  });
});
