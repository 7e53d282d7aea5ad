import { describe, expect, test } from 'vitest';
import { neutralized, neutralJson } from '../../../electron/cli/text/neutralize.ts';
import { table } from '../../../electron/cli/text/table.ts';
import { formatAge, formatDuration } from '../../../electron/cli/text/units.ts';
import { displayWidth, fit, fitEnd, padded } from '../../../electron/cli/text/width.ts';

describe('neutralising', () => {
  test.each([
    ['plain ü 你好 😀', 'plain ü 你好 😀'],
    ['\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
    ['a\u001b]8;;http://evil\u0007link', 'a␛]8;;http://evil␇link'],
    ['\u001b[2J\u001b[Hhere', '␛[2J␛[Hhere'],
    ['bell\u0007 nul\u0000 cr\r lf\n del\u007f', 'bell␇ nul␀ cr␍ lf␊ del␡'],
    ['csi of C1 \u0085', 'csi of C1 <U+0085>'],
    ['exe.\u202egnp', 'exe.<U+202E>gnp'],
    ['a\tb', 'a    b'],
    ['lone \u001b', 'lone ␛'],
  ])('%j becomes %j', (text, expected) => {
    expect(neutralized(text)).toBe(expected);
  });

  test('leaves nothing that a terminal obeys, whatever it is given', () => {
    for (let code = 0; code < 0x3000; code += 1) {
      const shown = neutralized(`x${String.fromCharCode(code)}[5;5Hy`);
      expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }
  });

  test('JSON keeps its meaning', () => {
    const value = { text: '\u001b[31m \u202e \u2028 \ufeff \u009b ü"\\' };
    const json = neutralJson(value);
    expect(JSON.parse(json)).toEqual(value);
    expect(json).not.toMatch(/[\p{Cc}\u2028\u202e\ufeff]/u);
  });
});

describe('width', () => {
  test.each([
    ['abc', 3],
    ['你好', 4],
    ['😀!', 3],
    ['e\u0301', 1],
    ['', 0],
  ])('%j takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['你好你好', 4, '你…'],
    ['你好', 4, '你好'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['x'.repeat(1_000_000), 3, 'xx…'],
  ])('%.10j fits into %i columns as %j', (text, columns, expected) => {
    expect(fit(text, columns)).toBe(expected);
    expect(displayWidth(expected)).toBeLessThanOrEqual(columns);
  });

  test('a table is as wide as its cells', () => {
    const rows = [
      { name: '你', size: '5' },
      { name: 'abc', size: '12345' },
    ];
    const columns = [
      { title: 'N', cell: (row: (typeof rows)[number]) => row.name },
      { title: 'SIZE', side: 'right' as const, cell: (row: (typeof rows)[number]) => row.size },
    ];
    expect(table(columns, rows)).toEqual(['N      SIZE', '你        5', 'abc   12345']);
    expect(padded('ab', 4, 'left')).toBe('  ab');
  });
});

describe('units', () => {
  test.each([
    [0, '0.0s'],
    [59_940, '59.9s'],
    [59_960, '1m 00s'],
    [185_000, '3m 05s'],
    [3_720_000, '1h 02m'],
  ])('%i ms are %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  test.each([
    ['2026-01-01T00:00:00Z', 0, 'just now'],
    ['2026-01-01T00:00:00Z', 90_000, '90 seconds ago'],
    ['2026-01-01T00:00:00Z', 5 * 3_600_000, '5 hours ago'],
    ['2026-01-01T00:00:00Z', 500 * 86_400_000, '16 months ago'],
    ['1601-01-01T00:00:00Z', 0, '-'],
    ['nonsense', 0, '-'],
    [undefined, 0, '-'],
  ])('%s after %i ms is %s', (created, later, expected) => {
    expect(formatAge(created, Date.parse('2026-01-01T00:00:00Z') + later)).toBe(expected);
  });
});

describe('a table in a narrow terminal', () => {
  const columns = [
    { title: 'REFERENCE', cut: 'start', cell: (row: readonly string[]) => row[0] ?? '' },
    { title: 'SIZE', side: 'right', cell: (row: readonly string[]) => row[1] ?? '' },
  ] as const;
  const rows = [['registry.example.com/team/shop:1.0', '405 kB']] as const;

  test('shortens its widest column, a reference at its start, and keeps the others', () => {
    expect(table(columns, rows, 30)).toEqual([
      'REFERENCE                 SIZE',
      '…ple.com/team/shop:1.0   405 kB'.replace('ple', 'le'),
    ]);
    expect(table(columns, rows)[1]).toBe('registry.example.com/team/shop:1.0   405 kB');
  });

  test('never gets wider than it was told, whatever it holds, as long as columns have some room', () => {
    for (let width = 24; width < 60; width += 1) {
      for (const line of table(columns, rows, width)) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }
    }
  });

  test('counts wide characters as such at both ends', () => {
    expect(fitEnd('你好世界', 5)).toBe('…世界');
    expect(fitEnd('short', 5)).toBe('short');
  });
});
