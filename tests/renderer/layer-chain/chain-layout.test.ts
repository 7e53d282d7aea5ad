import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blockHeight,
  blockWidth,
  chainLayout,
  chainMove,
  type ChainBlock,
} from '../../../renderer/features/layer-chain/chain-layout.ts';
import { digestOf, imageOf } from './images.ts';

const one = chainLayout([imageOf('app:1', 'a . b c . .')]);
const two = chainLayout([imageOf('app:1', 'a b c'), imageOf('app:2', 'a b d e')]);

function at(layout: typeof two, chain: string): ChainBlock {
  const block = layout.blocks.find(({ key }) => key === digestOf(chain));
  if (block === undefined) throw new Error(`no block ${chain}`);
  return block;
}

describe('layout of chains', () => {
  test('a chain runs from its base at the left to its name at the right', () => {
    const xs = one.blocks.map(({ x }) => x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(one.ends[0]?.x).toBeGreaterThan(xs.at(-1) ?? Infinity);
  });

  test('metadata instructions stand between the layers that they stand between in the history', () => {
    const between = one.marks.filter(({ x }) => x < at(one, 'ab').x);
    expect(between).toHaveLength(1);
    expect(between[0]?.links).toMatchObject([{ position: 1 }]);
    expect(between[0]?.x).toBeGreaterThan(at(one, 'a').x + at(one, 'a').width);
    expect(one.marks.map(({ links }) => links.length)).toEqual([1, 2]);
  });

  test('layers that two images share are drawn once, and the chains part where they differ', () => {
    expect(two.blocks).toHaveLength(5);
    expect(at(two, 'ab').references).toEqual(['app:1', 'app:2']);
    expect(at(two, 'abc')).toMatchObject({ lane: 0, references: ['app:1'] });
    expect(at(two, 'abd')).toMatchObject({ lane: 1, parentKey: digestOf('ab') });
  });

  test('an image that another one is built on ends where the other goes on', () => {
    const layout = chainLayout([imageOf('app:1', 'a b'), imageOf('base', 'a')]);
    expect(layout.ends[1]).toMatchObject({ reference: 'base', lastKey: digestOf('a') });
    expect(layout.blocks).toHaveLength(2);
  });

  test('metadata instructions of shared layers are those of each image where these differ', () => {
    const layout = chainLayout([imageOf('app:1', 'a . b'), imageOf('app:2', 'a . c')]);
    expect(layout.marks).toHaveLength(2);
  });

  test('an image without layers has only its name', () => {
    const layout = chainLayout([imageOf('empty', '.')]);
    expect(layout.blocks).toEqual([]);
    expect(layout.ends).toMatchObject([{ reference: 'empty' }]);
  });

  test('a doubled size adds the same width, however large it is', () => {
    const steps = [20, 25, 30].map(power => blockWidth(2 ** (power + 1)) - blockWidth(2 ** power));
    expect(new Set(steps).size).toBe(1);
    expect(blockWidth(0)).toBeGreaterThan(80);
  });

  test('no two blocks overlap and all lie within the sheet, whatever the images', () => {
    const steps = fc.array(fc.constantFrom('a', 'b', 'c', '.'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 4 }), images => {
        const layout = chainLayout(
          images.map((each, index) => imageOf(`i${index}`, each.join(' '))),
        );
        for (const [index, block] of layout.blocks.entries()) {
          expect(block.x + block.width).toBeLessThanOrEqual(layout.width);
          expect(block.y + blockHeight).toBeLessThanOrEqual(layout.height);
          for (const other of layout.blocks.slice(index + 1)) {
            const apart =
              block.lane !== other.lane ||
              block.x + block.width <= other.x ||
              other.x + other.width <= block.x;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });
});

describe('arrows', () => {
  const move = (from: string, key: string) => chainMove(two, digestOf(from), key)?.key;

  test('left and right go along the chain', () => {
    expect(move('a', 'ArrowRight')).toBe(digestOf('ab'));
    expect(move('abd', 'ArrowLeft')).toBe(digestOf('ab'));
    expect(move('abc', 'ArrowRight')).toBeUndefined();
  });

  test('up and down go to the nearest layer of the other image', () => {
    expect(move('abc', 'ArrowDown')).toBe(digestOf('abd'));
    expect(move('abd', 'ArrowUp')).toBe(digestOf('abc'));
    expect(move('a', 'ArrowUp')).toBeUndefined();
  });

  test('Home goes to the base and End to the top of the image', () => {
    expect(move('abde', 'Home')).toBe(digestOf('a'));
    expect(move('abd', 'End')).toBe(digestOf('abde'));
  });

  test('other keys mean nothing', () => expect(move('a', 'x')).toBeUndefined());
});
