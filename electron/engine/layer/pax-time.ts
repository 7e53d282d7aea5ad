import type { Nanoseconds } from './entry.ts';

const second = 1_000_000_000n;
const paxTime = /^(-?)(\d{1,18})(?:\.(\d*))?$/;

/**
 * Writes a time as PAX decimal seconds: the fraction is padded on the left to nine digits, and its
 * trailing zeros are cut (POSIX pax, "extended header file times").
 */
export function formatPaxTime(time: Nanoseconds): string {
  const sign = time < 0n ? '-' : '';
  const magnitude = time < 0n ? -time : time;
  const fraction = (magnitude % second).toString().padStart(9, '0').replace(/0+$/, '');
  const seconds = `${sign}${magnitude / second}`;
  return fraction === '' ? seconds : `${seconds}.${fraction}`;
}

/** Reads PAX decimal seconds, or gives undefined. What is finer than a nanosecond is cut off. */
export function parsePaxTime(text: string): Nanoseconds | undefined {
  const match = paxTime.exec(text);
  if (!match) return undefined;
  const [, sign = '', seconds = '', fraction = ''] = match;
  const magnitude = BigInt(seconds) * second + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return sign === '-' ? -magnitude : magnitude;
}
