import { expect, test } from 'vitest';
import {
  comparedBefore,
  findLayer,
  imagesToShow,
  imagesWith,
  layerLabel,
  layersOf,
  topLayer,
} from '../../../renderer/features/layer-chain/selection.ts';
import type { ImageDetail, ImageSummary } from '../../../shared/ipc/image-views.ts';
import { digestOf, imageOf } from './images.ts';

function summary(reference: string, sample = false): ImageSummary {
  return {
    reference,
    manifestDigest: digestOf(reference),
    os: 'windows',
    architecture: 'amd64',
    layers: 1,
    size: 1,
    uniqueSize: 1,
    sample,
  };
}

function detail(reference: string, steps: string): ImageDetail {
  const { links } = imageOf(reference, steps);
  return { summary: summary(reference), links, configJson: '{}', manifestJson: '{}' };
}

const layers = layersOf([detail('app:1', 'a . b'), detail('app:2', 'a')]);
const layerAt = (reference: string, layerIndex: number) => {
  const found = findLayer(layers, { reference, layerIndex });
  if (found === undefined) throw new Error('no such layer');
  return found;
};

test('metadata instructions are no layers', () => {
  expect(layers.map(({ at }) => at)).toEqual([
    { reference: 'app:1', layerIndex: 0 },
    { reference: 'app:1', layerIndex: 1 },
    { reference: 'app:2', layerIndex: 0 },
  ]);
});

test('the top of an image is its last layer', () => {
  expect(topLayer(layers, 'app:1')?.at.layerIndex).toBe(1);
  expect(topLayer(layers, 'gone')).toBeUndefined();
});

test('a layer is compared with the one below it, a base with that of another image', () => {
  expect(comparedBefore(layers, layerAt('app:1', 1))?.at).toEqual({
    reference: 'app:1',
    layerIndex: 0,
  });
  expect(comparedBefore(layers, layerAt('app:2', 0))?.at.reference).toBe('app:1');
  const [only, ...none] = layersOf([detail('app:1', 'a')]);
  expect(none).toEqual([]);
  expect(only && comparedBefore([only], only)).toBeUndefined();
});

test('what was chosen is shown as long as it is there, else the first image of one’s own', () => {
  const images = [summary('sample', true), summary('mine'), summary('other')];
  expect(imagesToShow(images, ['other', 'gone'])).toEqual(['other']);
  expect(imagesToShow(images, ['gone'])).toEqual(['mine']);
  expect(imagesToShow([summary('sample', true)], [])).toEqual(['sample']);
  expect(imagesToShow([], [])).toEqual([]);
});

test('a layer is named by number and instruction', () => {
  expect(layerLabel(layerAt('app:1', 1))).toBe('Layer 1 · COPY b .');
});

test('an image to compare with is shown beside the others, or instead of one where there is no room', () => {
  expect(imagesWith(['a', 'b'], 'b', 'a')).toEqual(['a', 'b']);
  expect(imagesWith(['a', 'b'], 'c', 'a')).toEqual(['a', 'b', 'c']);
  expect(imagesWith(['a', 'b', 'c', 'd'], 'e', 'd')).toEqual(['a', 'b', 'e', 'd']);
});
