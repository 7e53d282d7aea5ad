import { expect, test } from 'vitest';
import { sha256Digest } from '../../../shared/oci/digest.ts';
import type { PlannedStage } from '../../../shared/ipc/build-events.ts';
import { analyze } from '../../../renderer/features/dockerfile-editor/language/analysis.ts';
import {
  annotationsOf,
  latestBuildOf,
} from '../../../renderer/features/dockerfile-editor/language/annotations.ts';
import type { StepCacheStory } from '../../../shared/ipc/step-cache.ts';
import type { BuildView, StepView } from '../../../renderer/stores/build-view.ts';

const digest = sha256Digest('0'.repeat(64));
const layer = { digest, diffId: digest, compressedSize: 2048, uncompressedSize: 4096, files: 1 };

function done(isCached: boolean) {
  const kind: 'cached' | 'ran' = isCached ? 'cached' : 'ran';
  return { kind, startedAt: 0, durationMs: 1500, phases: {} };
}

/** A build of a text, all of whose steps took 1500 ms, but for the last, which was cached. */
function builtFrom(text: string, change: Partial<BuildView> = {}): BuildView {
  const { stages } = analyze(text);
  const planned = stages.map(({ index, from, instructions }): PlannedStage => ({
    stage: index,
    base: from.image.text,
    steps: [from, ...instructions].map((one, at) => ({
      stepId: `${index}.${at}`,
      keyword: one.keyword,
      text: one.text,
      range: one.range,
    })),
  }));
  const all = planned.flatMap(({ stage, steps }) => steps.map(step => ({ ...step, stage })));
  const steps = all.map((step, at): StepView => ({
    ...step,
    warnings: [],
    state: { ...done(at === all.length - 1), ...(step.keyword === 'COPY' ? { layer } : {}) },
  }));
  return {
    buildId: 'b1',
    status: 'succeeded',
    backend: 'portable',
    contextDir: '/p',
    dockerfile: '/p/Dockerfile',
    startedAt: 1,
    stages: planned,
    steps,
    nextSeq: 0,
    ...change,
  };
}

const text = 'FROM a\nCOPY x y\nWORKDIR C:/z\n';
const at = (now: string, build = builtFrom(text)) =>
  annotationsOf(analyze(now), build).map(({ line, text, isStale }) => [line, text, isStale]);

test('each line tells its duration, its layer, and whether it was cached', () => {
  expect(at(text)).toEqual([
    [0, '1.5 s', false],
    [1, '1.5 s · 2.05 kB', false],
    [2, 'cached · no layer', false],
  ]);
});

test('what moved without a change is still true', () => {
  expect(at(`# note\n\n${text}`).map(([line, , isStale]) => [line, isStale])).toEqual([
    [2, false],
    [3, false],
    [4, false],
  ]);
});

test('a step that ran again says why behind its line, and a cached one only on hover', () => {
  const build = builtFrom(text);
  const earlier = { builtAt: Date.UTC(2030, 0, 1), buildId: 'b0' };
  const withStory = (step: StepView, cache: StepCacheStory): StepView =>
    step.state.kind === 'ran' || step.state.kind === 'cached'
      ? { ...step, state: { ...step.state, cache } }
      : step;
  const steps = build.steps.map(step =>
    step.keyword === 'COPY'
      ? withStory(step, {
          kind: 'differs',
          earlier,
          differences: [{ kind: 'variable', name: 'VERSION', before: '1', now: '2\u202e' }],
        })
      : withStory(step, { kind: 'matched', earlier, layer: digest }),
  );
  const [from, copy, workdir] = annotationsOf(analyze(text), { ...build, steps });
  expect(from?.text).toBe('1.5 s');
  expect(copy?.text).toBe('1.5 s · 2.05 kB · VERSION is now "2⟨U+202E⟩", was "1"');
  expect(copy?.why?.at(-1)).toMatch(/^compared with build b0 \(.+\)$/);
  expect(workdir?.text).toBe('cached · no layer');
  expect(workdir?.why).toEqual([expect.stringMatching(/^Cached: same as .*: 0{12}$/)]);
});

test('below a change everything is stale, and what was changed says nothing', () => {
  expect(at('FROM a\nCOPY x other\nWORKDIR C:/z\n')).toEqual([
    [0, '1.5 s', false],
    [2, 'cached · no layer', true],
  ]);
  expect(at('FROM a\nRUN dir\nCOPY x y\n').map(([, , isStale]) => isStale)).toEqual([false, true]);
});

test('a stage is stale when the one that it copies from is', () => {
  const built = 'FROM a AS one\nCOPY x y\nFROM b\nCOPY --from=one y z\n';
  const now = built.replace('COPY x y', 'COPY x w');
  const marks = at(now, builtFrom(built));
  expect(marks.find(([line]) => line === 3)?.[2]).toBe(true);
});

test('a step that failed says why', () => {
  const built = builtFrom(text);
  const failure = {
    code: 'run-needs-windows',
    file: '/p/Dockerfile',
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 8 } },
  } as const;
  const steps = built.steps.map(step =>
    step.stepId === '0.1'
      ? { ...step, state: { kind: 'failed' as const, startedAt: 0, finishedAt: 1, failure } }
      : step,
  );
  const [found] = annotationsOf(analyze(text), { ...built, steps }).filter(
    ({ tone }) => tone === 'failed',
  );
  expect(found?.line).toBe(1);
  expect(found?.text).toMatch(/^failed: RUN needs a Windows machine/);
});

test('a build that failed before its first step is shown at the line that it names', () => {
  const withRun = 'FROM a\nRUN dir\n';
  const failure = {
    code: 'run-needs-windows',
    file: '/p/Dockerfile',
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 8 } },
  } as const;
  const build = builtFrom(withRun, { status: 'failed', stages: [], steps: [], failure });
  expect(annotationsOf(analyze(withRun), build).map(({ line, tone }) => [line, tone])).toEqual([
    [1, 'failed'],
  ]);
});

test('the newest build of the same file is taken', () => {
  const builds = [
    builtFrom(text, { buildId: 'old', startedAt: 1 }),
    builtFrom(text, { buildId: 'new', startedAt: 2 }),
    builtFrom(text, { buildId: 'other', startedAt: 3, dockerfile: '/p/Other' }),
  ];
  expect(latestBuildOf(builds, '/p', 'Dockerfile')?.buildId).toBe('new');
});
