import type { Nanoseconds } from '../layer/entry.ts';

/** ISO 8601 with Windows' full precision of 100 ns, which a Date would cut to milliseconds. */
export function isoTime(time: Nanoseconds): string {
  const fraction = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (time - fraction) / 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000).toISOString();
  return `${date.slice(0, 19)}.${(fraction / 100n).toString().padStart(7, '0')}Z`;
}
