import type { Digest } from '../oci/digest.ts';
import type { BlobProgress, ConsideredImage, TransferEvent } from './transfer-events.ts';

/** How far a transfer is: what its events add up to. Sizes are in bytes, times in ms since 1970. */
export interface TransferProgress {
  readonly phase: 'resolving' | 'planning' | 'moving';
  readonly digest?: Digest;
  readonly considered: readonly ConsideredImage[];
  /** In the order in which they were planned. */
  readonly blobs: ReadonlyMap<Digest, BlobProgress>;
  /** The last ones, the newest last. */
  readonly notes: readonly string[];
  /** What is where it belongs, and what all of it is. */
  readonly current: number;
  readonly total: number;
  /** Bytes a second over the network, of late, all and by blob. Absent until that means something. */
  readonly rate?: number;
  readonly rates: ReadonlyMap<Digest, number>;
  readonly samples: readonly Sample[];
}

/** What of each blob had gone over the network at a time. */
interface Sample {
  readonly time: number;
  readonly moved: ReadonlyMap<Digest, number>;
}

const mostNotes = 20;
/** The rate is that of the last seconds: a line that got faster or slower shows soon. */
const rateWindowMs = 6000;
const sampleEveryMs = 250;
/** The first figures are chance. */
const rateAfterSeconds = 1;

export const newTransferProgress: TransferProgress = {
  phase: 'resolving',
  considered: [],
  blobs: new Map(),
  notes: [],
  current: 0,
  total: 0,
  rates: new Map(),
  samples: [],
};

/** The progress after one more event, which came at `time`. */
export function transferAfter(
  progress: TransferProgress,
  event: TransferEvent,
  time: number,
): TransferProgress {
  switch (event.kind) {
    case 'resolving':
      return { ...progress, phase: 'resolving' };
    case 'resolved': {
      const { considered, digest } = event;
      return { ...progress, phase: 'planning', digest, considered };
    }
    case 'planned': {
      const blobs = new Map(event.blobs.map(blob => [blob.digest, blob]));
      return sampled(summed({ ...progress, phase: 'moving', blobs }), time);
    }
    case 'blob': {
      const { kind: _, ...blob } = event;
      const before = progress.blobs.get(blob.digest);
      const blobs = new Map(progress.blobs).set(blob.digest, farther(before, blob));
      return sampled(summed({ ...progress, phase: 'moving', blobs }), time);
    }
    case 'note':
      return { ...progress, notes: [...progress.notes, event.text].slice(-mostNotes) };
  }
}

/** Seconds until all is there at the rate of late; undefined where that is not known. */
export function secondsLeft({ current, rate, total }: TransferProgress): number | undefined {
  if (rate === undefined || rate < 1) return undefined;
  return Math.max(0, total - current) / rate;
}

/** Whether nothing of a blob has to move any more. */
function isThere({ state }: BlobProgress): boolean {
  return state === 'done' || state === 'indexing';
}

/** A blob that is hashed from its start again after it has arrived does not go backwards. */
function farther(before: BlobProgress | undefined, now: BlobProgress): BlobProgress {
  const resumedFrom = now.resumedFrom ?? before?.resumedFrom;
  const restarted = before?.state === 'downloading' && now.state === 'downloading';
  const current = isThere(now)
    ? now.total
    : restarted
      ? now.current
      : Math.max(now.current, before?.current ?? 0);
  return { ...now, current, ...(resumedFrom === undefined ? {} : { resumedFrom }) };
}

function summed(progress: TransferProgress): TransferProgress {
  let current = 0;
  let total = 0;
  for (const blob of progress.blobs.values()) {
    total += blob.total;
    current += isThere(blob) ? blob.total : Math.min(blob.current, blob.total);
  }
  return { ...progress, current, total };
}

function sampled(progress: TransferProgress, time: number): TransferProgress {
  const last = progress.samples.at(-1);
  if (last !== undefined && time - last.time < sampleEveryMs) return progress;
  const moved = new Map([...progress.blobs].map(([digest, blob]) => [digest, movedBytes(blob)]));
  const now = { time, moved };
  const samples = [...progress.samples.filter(each => each.time > time - rateWindowMs), now];
  const { rate: _, ...rest } = progress;
  const first = samples[0] ?? now;
  const seconds = (time - first.time) / 1000;
  if (seconds < rateAfterSeconds) return { ...rest, rates: new Map(), samples };
  const rates = new Map<Digest, number>();
  for (const [digest, bytes] of moved) {
    const gained = Math.max(0, bytes - (first.moved.get(digest) ?? 0));
    if (gained > 0) rates.set(digest, gained / seconds);
  }
  const rate = [...rates.values()].reduce((sum, each) => sum + each, 0);
  return { ...rest, rate, rates, samples };
}

/** What went over the network: not what was there, was mounted, or is left from an earlier run. */
function movedBytes({ current, outcome, resumedFrom = 0, state }: BlobProgress): number {
  const came = outcome !== 'present' && outcome !== 'mounted' && outcome !== 'skipped';
  return state !== 'waiting' && came ? Math.max(0, current - resumedFrom) : 0;
}
