import { describe, expect, test } from 'vitest';
import { treeMove, typeAhead } from '../../../renderer/components/tree-keys.ts';

const rows = [
  { level: 1, expanded: true, text: 'Files' },
  { level: 2, expanded: true, text: 'Windows' },
  { level: 3, text: 'notepad.exe' },
  { level: 2, text: 'web.config' },
  { level: 1, expanded: false, text: 'Hives' },
];
const move = (at: number, key: string) => treeMove(rows, at, key, 2);

describe('in a tree', () => {
  test.each([
    [0, 'ArrowDown', { kind: 'go', index: 1 }],
    [4, 'ArrowDown', { kind: 'go', index: 4 }],
    [0, 'ArrowUp', { kind: 'go', index: 0 }],
    [0, 'PageDown', { kind: 'go', index: 2 }],
    [1, 'End', { kind: 'go', index: 4 }],
    [3, 'Home', { kind: 'go', index: 0 }],
    [4, 'ArrowRight', { kind: 'toggle', index: 4 }],
    [0, 'ArrowRight', { kind: 'go', index: 1 }],
    [2, 'ArrowRight', undefined],
    [0, 'ArrowLeft', { kind: 'toggle', index: 0 }],
    [3, 'ArrowLeft', { kind: 'go', index: 0 }],
    [2, 'ArrowLeft', { kind: 'go', index: 1 }],
    [4, 'ArrowLeft', undefined],
    [3, 'Enter', { kind: 'activate', index: 3 }],
    [3, 'x', undefined],
    [-1, 'ArrowDown', { kind: 'go', index: 0 }],
  ])('at row %d, %s does %j', (at, key, expected) => {
    expect(move(at, key)).toEqual(expected);
  });

  test('there is nowhere to go without rows', () => {
    expect(treeMove([], -1, 'ArrowDown', 2)).toBeUndefined();
  });
});

test('typing a letter goes to the next row that begins with it, round the end', () => {
  expect(typeAhead(rows, 1, 'w')).toBe(3);
  expect(typeAhead(rows, 3, 'w')).toBe(1);
});

test('typing more letters may stay where they still fit', () => {
  expect(typeAhead(rows, 1, 'wi')).toBe(1);
  expect(typeAhead(rows, 1, 'we')).toBe(3);
  expect(typeAhead(rows, 1, 'q')).toBeUndefined();
});
