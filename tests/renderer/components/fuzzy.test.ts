import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzyFilter, fuzzyMatch } from '../../../renderer/components/fuzzy.ts';

const titles = [
  'Project: Open folder…',
  'Project: Open the sample project',
  'Build: Build image',
  'Build: Build image without the cache',
  'View: Theme: dark',
  'Go to: Go to Builds',
];
const found = (query: string) => fuzzyFilter(query, titles, title => title).map(({ item }) => item);

test('an empty query keeps everything in its order', () => {
  expect(found('  ')).toEqual(titles);
});

test('letters need only stand in order', () => {
  expect(found('bldimg')).toEqual(['Build: Build image', 'Build: Build image without the cache']);
});

test('beginnings of words come before letters within words', () => {
  expect(found('of')[0]).toBe('Project: Open folder…');
});

test('words of the query may stand in any order', () => {
  expect(found('dark theme')).toEqual(['View: Theme: dark']);
});

test('what does not fit is left out', () => {
  expect(found('xyz')).toEqual([]);
});

test('the letters that fit are told', () => {
  expect(fuzzyMatch('op', 'Project: Open')?.positions).toEqual([9, 10]);
});

test('every place that is told holds a letter of the query', () => {
  assert(
    property(string({ maxLength: 5 }), string({ maxLength: 30 }), (query, text) => {
      const match = fuzzyMatch(query, text);
      for (const position of match?.positions ?? []) {
        expect(query.toLowerCase()).toContain(text.toLowerCase().charAt(position));
      }
    }),
  );
});
