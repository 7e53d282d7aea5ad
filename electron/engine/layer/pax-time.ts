import type { Nanoseconds } from './entry.ts';

const second = 1_000_000_000n;
const zero = 0x30;
const maxSecondsDigits = 18;
const fractionDigits = 9;

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
  const isNegative = text.startsWith('-');
  const start = isNegative ? 1 : 0;
  const point = text.indexOf('.', start);
  const secondsEnd = point < 0 ? text.length : point;
  const seconds = digits(text, start, secondsEnd);
  if (seconds === undefined || secondsEnd === start || secondsEnd > start + maxSecondsDigits)
    return undefined;
  const nanoseconds = point < 0 ? 0 : fraction(text, point + 1);
  if (nanoseconds === undefined) return undefined;
  // Beyond 2^53 seconds a number is not exact.
  const whole = Number.isSafeInteger(seconds)
    ? BigInt(seconds)
    : BigInt(text.slice(start, secondsEnd));
  const magnitude = whole * second + BigInt(nanoseconds);
  return isNegative ? -magnitude : magnitude;
}

function fraction(text: string, start: number): number | undefined {
  const end = Math.min(text.length, start + fractionDigits);
  const value = digits(text, start, end);
  if (value === undefined || digits(text, end, text.length) === undefined) return undefined;
  return value * 10 ** (fractionDigits - (end - start));
}

/** Decimal digits as a number, which is not exact beyond 2^53; undefined if one is none. */
function digits(text: string, start: number, end: number): number | undefined {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
