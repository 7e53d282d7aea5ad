import { expect, test } from 'vitest';
import { rovingTarget } from '../../../renderer/components/roving.ts';
import { sortRows } from '../../../renderer/components/sorting.ts';

const rows = [
  { name: 'b10', size: 5 },
  { name: 'B9', size: undefined },
  { name: 'a', size: 40 },
];
const columns = [
  { column: 'name', sortValue: (row: (typeof rows)[number]) => row.name },
  { column: 'size', sortValue: (row: (typeof rows)[number]) => row.size },
  { column: 'plain' },
];
const names = (column: string, direction: 'ascending' | 'descending') =>
  sortRows(rows, columns, { column, direction }).map(row => row.name);

test('words sort without regard to case, numbers in them by value', () => {
  expect(names('name', 'ascending')).toEqual(['a', 'B9', 'b10']);
});

test('rows without a value come last either way', () => {
  expect(names('size', 'ascending')).toEqual(['b10', 'a', 'B9']);
  expect(names('size', 'descending')).toEqual(['a', 'b10', 'B9']);
});

test('rows stay as they are where nothing sorts them', () => {
  expect(sortRows(rows, columns, undefined)).toBe(rows);
  expect(names('plain', 'ascending')).toEqual(['b10', 'B9', 'a']);
});

test('the focus of a group goes round its ends', () => {
  expect(rovingTarget('ArrowRight', 2, 3, 'horizontal')).toBe(0);
  expect(rovingTarget('ArrowUp', 0, 3, 'vertical')).toBe(2);
  expect(rovingTarget('End', 0, 3, 'vertical')).toBe(2);
  expect(rovingTarget('ArrowUp', 0, 3, 'horizontal')).toBeUndefined();
  expect(rovingTarget('Home', 0, 0, 'horizontal')).toBeUndefined();
});
