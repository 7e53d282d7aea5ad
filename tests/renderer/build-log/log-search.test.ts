import { describe, expect, test, vi } from 'vitest';
import {
  createLogSearch,
  occurrences,
  type FindInLog,
} from '../../../renderer/features/build-log/log-search.ts';
import { cursorTarget } from '../../../renderer/components/cursor-target.ts';

/** Finds the text in lines that can be added to, a few at a time. */
function searchIn(lines: string[], atOnce = 2) {
  const queries: string[] = [];
  const find: FindInLog = async ({ text, fromLine }) => {
    queries.push(`${text}@${fromLine}`);
    const found = [...lines.keys()].filter(line => line >= fromLine && lines[line]?.includes(text));
    const nextLine = found[atOnce];
    return { lines: found.slice(0, atOnce), ...(nextLine === undefined ? {} : { nextLine }) };
  };
  return { search: createLogSearch(find), queries };
}

describe('search', () => {
  test('gathers all matches, some at a time, and goes round them', async () => {
    const { search } = searchIn(['an error', 'fine', 'error', 'error again']);
    search.setQuery('error', false);
    await vi.waitFor(() => expect(search.state.getState().searching).toBe(false));
    expect(search.state.getState().lines).toEqual([0, 2, 3]);
    expect([search.step(1), search.step(1), search.step(1), search.step(1)]).toEqual([0, 2, 3, 0]);
    expect(search.step(-1)).toBe(3);
  });

  test('goes on where the log grew', async () => {
    const lines = ['error', 'fine'];
    const { search, queries } = searchIn(lines);
    search.grew(2);
    search.setQuery('error', false);
    await vi.waitFor(() => expect(search.state.getState().searching).toBe(false));
    lines.push('error');
    search.grew(3);
    await vi.waitFor(() => expect(search.state.getState().lines).toEqual([0, 2]));
    expect(queries).toEqual(['error@0', 'error@2']);
  });

  test('another text drops what was searched before', async () => {
    const { search, queries } = searchIn(['a', 'b']);
    search.setQuery('a', false);
    search.setQuery('b', false);
    await vi.waitFor(() => expect(search.state.getState().lines).toEqual([1]));
    expect(queries).toEqual(['b@0']);
    search.setQuery('', false);
    expect(search.state.getState()).toMatchObject({ lines: [], searching: false });
  });

  test('tells when it failed', async () => {
    const search = createLogSearch(async () => await Promise.reject(new Error('gone')));
    search.setQuery('a', false);
    await vi.waitFor(() =>
      expect(search.state.getState().failure).toMatchObject({ message: 'gone' }),
    );
  });
});

describe('places in a line', () => {
  test('are found in either case or in the same', () => {
    expect(occurrences('Error error', 'error', false)).toEqual([
      [0, 5],
      [6, 11],
    ]);
    expect(occurrences('Error error', 'error', true)).toEqual([[6, 11]]);
    expect(occurrences('Error', '', false)).toEqual([]);
  });

  test('stay right where lower case is longer', () => {
    expect(occurrences('İ error', 'error', false)).toEqual([[2, 7]]);
  });
});

test('the cursor stays within the rows', () => {
  expect(cursorTarget('ArrowDown', undefined, { count: 10, page: 5 })).toBe(0);
  expect(cursorTarget('ArrowUp', undefined, { count: 10, page: 5 })).toBe(9);
  expect(cursorTarget('PageDown', 8, { count: 10, page: 5 })).toBe(9);
  expect(cursorTarget('Home', 8, { count: 10, page: 5 })).toBe(0);
  expect(cursorTarget('x', 8, { count: 10, page: 5 })).toBeUndefined();
});
