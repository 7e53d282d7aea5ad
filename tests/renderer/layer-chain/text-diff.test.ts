import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, type DiffRow } from '../../../shared/text-diff.ts';

const told = (rows: readonly DiffRow[]) =>
  rows.map(row =>
    row.kind === 'skipped'
      ? `… ${row.count}`
      : `${{ same: ' ', added: '+', removed: '-' }[row.kind]}${row.text}`,
  );

test('equal texts have no difference, whatever their line ends', () => {
  expect(told(diffLines('a\r\nb\r\n', 'a\nb\n'))).toEqual(['… 2']);
  expect(diffLines('', '')).toEqual([]);
});

test('a changed line is removed and added, with three lines around it', () => {
  const before = ['1', '2', '3', '4', 'x', '6', '7', '8', '9'].join('\n');
  expect(told(diffLines(before, before.replace('x', 'y')))).toEqual([
    '… 1',
    ' 2',
    ' 3',
    ' 4',
    '-x',
    '+y',
    ' 6',
    ' 7',
    ' 8',
    '… 1',
  ]);
});

test('lines have their numbers in both texts', () => {
  expect(diffLines('a\nb\nd', 'a\nc\nb\nd')).toEqual([
    { kind: 'same', left: 1, right: 1, text: 'a' },
    { kind: 'added', right: 2, text: 'c' },
    { kind: 'same', left: 2, right: 3, text: 'b' },
    { kind: 'same', left: 3, right: 4, text: 'd' },
  ]);
});

test('what is left and what is added make both texts again, and no more is changed than must be', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (left, right) => {
      const rows = diffLines(left.join('\n'), right.join('\n'));
      const skipped = rows.reduce((sum, row) => sum + (row.kind === 'skipped' ? row.count : 0), 0);
      const lineRows = rows.filter(row => row.kind !== 'skipped');
      const lefts = lineRows.filter(({ kind }) => kind !== 'added');
      const rights = lineRows.filter(({ kind }) => kind !== 'removed');
      expect(lefts.length + skipped).toBe(left.length);
      expect(rights.length + skipped).toBe(right.length);
      for (const row of lefts) expect(row.text).toBe(left[(row.left ?? 0) - 1]);
      for (const row of rights) expect(row.text).toBe(right[(row.right ?? 0) - 1]);
      const same = lineRows.filter(({ kind }) => kind === 'same').length + skipped;
      expect(same).toBe(longestCommon(left, right));
    }),
  );
});

test('texts that have little in common are told as replaced, and that takes no time', () => {
  const text = (word: string) =>
    Array.from({ length: 20_000 }, (_, n) => `${word} ${n}`).join('\n');
  const start = performance.now();
  const rows = diffLines(text('left'), text('right'));
  expect(rows).toHaveLength(40_000);
  expect(performance.now() - start).toBeLessThan(2000);
});

/** The textbook way, for small texts. */
function longestCommon(left: readonly string[], right: readonly string[]): number {
  let row = Array.from({ length: right.length + 1 }, () => 0);
  for (const a of left) {
    const next = [0];
    for (const [index, b] of right.entries()) {
      next.push(a === b ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
