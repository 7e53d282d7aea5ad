import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../shared/format-bytes.ts';

describe('bytes', () => {
  test.each([
    [0, '0 B'],
    [-5, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [1024, '1.02 kB'],
    [9_994, '9.99 kB'],
    [9_995, '10.0 kB'],
    [99_949, '99.9 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [268_435_456, '268 MB'],
    [4_294_967_296, '4.29 GB'],
    [5e15, '5.00 PB'],
    [2 ** 63, '9223 PB'],
  ])('%d are %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  test('never have more than three digits and a point below the largest unit', () => {
    for (let bytes = 1; bytes < 1e18; bytes = Math.ceil(bytes * 1.07)) {
      expect(formatBytes(bytes)).toMatch(/^(\d{1,3}|\d\.\d\d|\d\d\.\d) \w+$/);
    }
  });
});
