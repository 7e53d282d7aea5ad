import type { Nanoseconds } from '../entry.ts';

/** Units of 100 ns since 1601-01-01T00:00:00Z (FILETIME, MS-DTYP 2.3.3). */
export type FileTime = bigint;

const unit = 100n;
/** From 1601 to 1970 in units of 100 ns. */
const epoch = 116_444_736_000_000_000n;
const last = 2n ** 63n - 1n;

/** Times of a layer fit 64 bits of nanoseconds: 1677-09-21 to 2262-04-11. */
const firstNanosecond = -(2n ** 63n);
const lastNanosecond = 2n ** 63n - 1n;

/**
 * What is finer than 100 ns is cut off towards 1970, as go-winio does. Undefined for times that are none of a file:
 * from 1601 back, where 0 and below have other meanings for Windows (FILE_BASIC_INFO), and beyond 63 bits.
 */
export function fileTimeOf(time: Nanoseconds): FileTime | undefined {
  const fileTime = time / unit + epoch;
  return fileTime > 0n && fileTime <= last ? fileTime : undefined;
}

/** The nearest time that a layer can hold. */
export function nanosecondsOf(fileTime: FileTime): Nanoseconds {
  const time = (fileTime - epoch) * unit;
  if (time < firstNanosecond) return firstNanosecond;
  return time > lastNanosecond ? lastNanosecond : time;
}
