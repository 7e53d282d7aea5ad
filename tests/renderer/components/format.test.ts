import { describe, expect, test } from 'vitest';
import {
  formatAgo,
  formatDuration,
  formatPercent,
  formatPlural,
} from '../../../renderer/components/format.ts';

describe('a duration', () => {
  test.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 00 s'],
    [187_000, '3 min 07 s'],
    [3_599_600, '1 h 00 min'],
    [3_720_000, '1 h 02 min'],
  ])('of %d ms is %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});

test.each([
  [0, 'just now'],
  [59_000, 'just now'],
  [60_000, '1 minute ago'],
  [5 * 3_600_000, '5 hours ago'],
  [86_400_000, 'yesterday'],
  [400 * 86_400_000, 'last year'],
])('%d ms before now is %s', (ms, words) => {
  expect(formatAgo(1e12 - ms, 1e12)).toBe(words);
});

test('a part of nothing is no percent', () => {
  expect(formatPercent(5, 0)).toBe('0 %');
  expect(formatPercent(1, 80)).toBe('1.3 %');
  expect(formatPercent(80, 80)).toBe('100 %');
});

test('one of something has no plural', () => {
  expect(formatPlural(1, 'file')).toBe('1 file');
  expect(formatPlural(2, 'entry', 'entries')).toBe('2 entries');
});
