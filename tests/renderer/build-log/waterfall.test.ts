import { describe, expect, test } from 'vitest';
import { layerIndexOf, lastPart } from '../../../renderer/features/build-log/build-words.ts';
import { fileInProject } from '../../../renderer/stores/file-in-project.ts';
import {
  barsOf,
  phasesOf,
  phaseTotals,
  spanMs,
  ticks,
} from '../../../renderer/features/build-log/waterfall.ts';
import type { BuildView } from '../../../renderer/stores/build-view.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';
import { stepView } from './steps.ts';

const digest = sha256Digest('a'.repeat(64));
const layer = { digest, diffId: digest, compressedSize: 1, uncompressedSize: 2, files: 1 };
const view: BuildView = {
  buildId: 'b',
  status: 'succeeded',
  backend: 'portable',
  contextDir: '/src',
  dockerfile: '/src/Dockerfile',
  startedAt: 1000,
  finishedAt: 1500,
  stages: [
    { stage: 0, base: 'a', steps: [] },
    { stage: 2, base: 'b', steps: [] },
  ],
  steps: [
    stepView('0.1', {
      kind: 'ran',
      startedAt: 1010,
      durationMs: 100,
      phases: { run: 60, hash: 20 },
      layer,
    }),
    stepView('2.1', { kind: 'cached', startedAt: 1200, durationMs: 0, phases: {}, layer }),
    stepView('2.2', { kind: 'ran', startedAt: 1200, durationMs: 1, phases: {} }),
    stepView('2.3', { kind: 'ran', startedAt: 1300, durationMs: 50, phases: { hash: 50 }, layer }),
    stepView('2.4', { kind: 'stopped', startedAt: 1400 }),
    stepView('2.5', { kind: 'waiting' }),
  ],
  result: {
    manifestDigest: digest,
    configDigest: digest,
    tags: ['x:1'],
    layers: 4,
    durationMs: 500,
  },
  nextSeq: 0,
};

describe('where the time went', () => {
  const bars = barsOf(view, 2000);

  test('bars begin with their steps; one that was stopped ends with the build', () => {
    expect(bars.map(({ startMs, durationMs }) => [startMs, durationMs])).toEqual([
      [10, 100],
      [200, 0],
      [200, 1],
      [300, 50],
      [400, 100],
    ]);
    expect(spanMs(bars)).toBe(500);
  });

  test('what no phase accounts for is told as well', () => {
    expect(bars[0] && phasesOf(bars[0])).toEqual([
      { phase: 'run', ms: 60 },
      { phase: 'hash', ms: 20 },
      { phase: 'other', ms: 20 },
    ]);
  });

  test('phases add up over steps', () => {
    expect(phaseTotals(bars)).toEqual([
      { phase: 'run', ms: 60 },
      { phase: 'hash', ms: 70 },
      { phase: 'other', ms: 121 },
    ]);
  });

  test('an axis has a handful of round marks', () => {
    expect(ticks(500)).toEqual([0, 100, 200, 300, 400, 500]);
    for (const span of [1, 7, 1234, 98_765, 3_600_000]) {
      expect(ticks(span).length).toBeGreaterThan(2);
      expect(ticks(span).length).toBeLessThan(8);
    }
  });
});

test('only layers of the last stage are in the image, above those of its base', () => {
  expect(['0.1', '2.1', '2.2', '2.3'].map(stepId => layerIndexOf(view, stepId))).toEqual([
    undefined,
    2,
    undefined,
    3,
  ]);
});

test('a Dockerfile is named as the project names it', () => {
  expect(fileInProject('C:\\src\\docker/Dockerfile', 'C:\\src')).toBe('docker/Dockerfile');
  expect(fileInProject('/src/Dockerfile', '/src/')).toBe('Dockerfile');
  expect(fileInProject('/src-other/Dockerfile', '/src')).toBeUndefined();
  expect(fileInProject('/src/Dockerfile', undefined)).toBeUndefined();
  expect(lastPart('C:\\src\\shop\\')).toBe('shop');
});
