import { expect, test } from 'vitest';
import { pathSteps, placeCells } from '../../../renderer/features/layer-chain/treemap-layout.ts';
import type { TreemapCell } from '../../../shared/ipc/image-views.ts';

function cell(name: string, size: number): TreemapCell {
  return { path: name, name, size, change: 'added', directory: false };
}

test('the area of a cell is as its size', () => {
  const placed = placeCells([cell('a', 300), cell('b', 100)], 1000, 500);
  const [a = 0, b = 0] = placed.map(({ width, height }) => width * height);
  expect(a / b).toBeCloseTo(3, 1);
});

test('cells without a size take no room', () => {
  expect(placeCells([cell('a', 0)], 100, 100)).toEqual([]);
  expect(placeCells([cell('a', 0), cell('b', 1)], 100, 100)).toMatchObject([
    { cell: { name: 'b' }, x: 0, y: 0, width: 100, height: 100 },
  ]);
});

test('nothing is placed before there is room', () => {
  expect(placeCells([cell('a', 1)], 0, 0)).toEqual([]);
});

test('the steps to a folder begin at the layer', () => {
  expect(pathSteps('Files/Windows').map(({ path }) => path)).toEqual([
    '',
    'Files',
    'Files/Windows',
  ]);
  expect(pathSteps('')).toEqual([{ name: 'layer', path: '' }]);
});
