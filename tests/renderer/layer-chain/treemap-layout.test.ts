import { expect, test } from 'vitest';
import {
  framesOf,
  pathSteps,
  placeCells,
} from '../../../renderer/features/layer-chain/treemap-layout.ts';
import type { TreemapCell } from '../../../shared/ipc/image-views.ts';

function cell(name: string, size: number): TreemapCell {
  return { path: name, name, size, change: 'added', directory: false };
}

test('the area of a cell is as its size', () => {
  const placed = placeCells([cell('a', 300), cell('b', 100)], { width: 1000, height: 500 });
  const [a = 0, b = 0] = placed.map(({ width, height }) => width * height);
  expect(a / b).toBeCloseTo(3, 1);
});

test('cells without a size take no room', () => {
  expect(placeCells([cell('a', 0)], { width: 100, height: 100 })).toEqual([]);
  expect(placeCells([cell('a', 0), cell('b', 1)], { width: 100, height: 100 })).toMatchObject([
    { cell: { name: 'b' }, x: 0, y: 0, width: 100, height: 100 },
  ]);
});

test('what is in a large folder is drawn within its frame', () => {
  const folder = { ...cell('big', 900), directory: true };
  const small = { ...cell('small', 10), directory: true };
  const cells = [folder, cell('file', 90), small];
  expect(framesOf(cells)).toEqual(['big']);
  const inside = new Map([['big', [cell('big/a', 600), cell('big/b', 300)]]]);
  const placed = placeCells(cells, { width: 800, height: 600 }, inside);
  const [frame, ...parts] = placed.filter(({ cell: { path } }) => path.startsWith('big'));
  if (frame === undefined) throw new Error('the folder is not placed');
  expect(frame.isFrame).toBe(true);
  expect(parts).toHaveLength(2);
  for (const part of parts) {
    expect(part.x).toBeGreaterThanOrEqual(frame.x);
    expect(part.y).toBeGreaterThan(frame.y);
    expect(part.x + part.width).toBeLessThanOrEqual(frame.x + frame.width);
    expect(part.y + part.height).toBeLessThanOrEqual(frame.y + frame.height);
  }
});

test('nothing is placed before there is room', () => {
  expect(placeCells([cell('a', 1)], { width: 0, height: 0 })).toEqual([]);
});

test('the steps to a folder begin at the layer', () => {
  expect(pathSteps('Files/Windows').map(({ path }) => path)).toEqual([
    '',
    'Files',
    'Files/Windows',
  ]);
  expect(pathSteps('')).toEqual([{ name: 'layer', path: '' }]);
});
