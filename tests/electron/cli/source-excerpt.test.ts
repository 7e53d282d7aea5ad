import { expect, test } from 'vitest';
import { sourceExcerpt } from '../../../electron/cli/source-excerpt.ts';

const at = (line: number, from: number, to: number, endLine = line) => ({
  start: { line, character: from },
  end: { line: endLine, character: to },
});

test('shows the line with two above it and carets below', () => {
  const text = 'a\nb\nFROM base\nCOPY --form=build a b\nlast';
  expect(sourceExcerpt(text, at(3, 5, 17))).toEqual([
    '  2 | b',
    '  3 | FROM base',
    '  4 | COPY --form=build a b',
    '    |      ^^^^^^^^^^^^',
  ]);
});

test('an empty range gets one caret, at the end of the line too', () => {
  expect(sourceExcerpt('FROM', at(0, 4, 4))).toEqual(['  1 | FROM', '    |     ^']);
});

test('a range over several lines is marked on its first', () => {
  expect(sourceExcerpt('RUN a \\\n  b', at(0, 0, 3, 1))).toEqual([
    '  1 | RUN a \\',
    '    | ^^^^^^^',
  ]);
});

test('tabs, wide characters and controls do not shift the carets', () => {
  expect(sourceExcerpt('\tCOPY 你\u001b[31m x', at(0, 6, 7))).toEqual([
    '  1 |     COPY 你␛[31m x',
    '    |          ^^',
  ]);
});

test('a very long line is cut around the place', () => {
  const [line = '', carets = ''] = sourceExcerpt(
    `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`,
    at(0, 5000, 5004),
  );
  expect(line.length).toBeLessThan(200);
  expect(carets.indexOf('^')).toBe(line.indexOf('HERE'));
});

test('a range outside of the text has no excerpt', () => {
  expect(sourceExcerpt('FROM a', at(7, 0, 1))).toEqual([]);
});
