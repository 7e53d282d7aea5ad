import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  anchorAt,
  anchorFor,
  firstDrawn,
  moved,
  scrollHeight,
  scrollTopOf,
} from '../../../renderer/features/build-log/anchor.ts';

const extent = { count: 1000, rowHeight: 20, viewHeight: 400 };
const huge = { count: 5_000_000, rowHeight: 20, viewHeight: 400 };

describe('the scrollbar', () => {
  test('is as long as the rows, up to what a browser can lay out', () => {
    expect(scrollHeight(extent)).toBe(20_000);
    expect(scrollHeight(huge)).toBe(8_000_000);
  });

  test('its end is the end of the log', () => {
    expect(anchorAt(19_600, extent)).toEqual({ kind: 'end' });
    expect(scrollTopOf({ kind: 'end' }, extent)).toBe(19_600);
  });

  test('a position and its anchor mean the same', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 7_999_500, noNaN: true }), top => {
        expect(scrollTopOf(anchorAt(top, huge), huge)).toBeCloseTo(top, 3);
      }),
    );
  });

  test('reaches every part of a huge log', () => {
    expect(anchorAt(0, huge)).toEqual({ kind: 'top', row: 0, offset: 0 });
    const middle = anchorAt((8_000_000 - 400) / 2, huge);
    expect(middle).toMatchObject({ row: 2_499_990 });
  });

  test('a log that fits has nothing to scroll', () => {
    const small = { ...extent, count: 3 };
    expect(anchorAt(0, small)).toEqual({ kind: 'end' });
    expect(firstDrawn({ kind: 'end' }, small)).toBe(0);
  });
});

describe('moving', () => {
  const heightOf = (row: number): number => (row % 2 === 0 ? 20 : 60);

  test('goes over rows by their own heights', () => {
    expect(moved({ row: 0, offset: 0 }, 85, 1000, heightOf)).toEqual({
      kind: 'top',
      row: 2,
      offset: 5,
    });
  });

  test('goes back the same way', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(5000), (start, by) => {
        const from = moved({ row: 0, offset: 0 }, start, 1000, heightOf);
        if (from.kind !== 'top') throw new Error('not at a row');
        const there = moved(from, by, 1000, heightOf);
        if (there.kind !== 'top') throw new Error('not at a row');
        expect(moved(there, -by, 1000, heightOf)).toEqual(from);
      }),
    );
  });

  test('does not go before the first row or behind the last', () => {
    expect(moved({ row: 1, offset: 3 }, -500, 10, heightOf)).toEqual({
      kind: 'top',
      row: 0,
      offset: 0,
    });
    expect(moved({ row: 1, offset: 3 }, 5000, 10, heightOf)).toMatchObject({ row: 9 });
  });
});

test('a row that is gone to has rows above it', () => {
  expect(anchorFor(500, extent)).toEqual({ kind: 'top', row: 494, offset: 0 });
  expect(anchorFor(2, extent)).toEqual({ kind: 'top', row: 0, offset: 0 });
  expect(anchorFor(999, extent)).toEqual({ kind: 'end' });
});
