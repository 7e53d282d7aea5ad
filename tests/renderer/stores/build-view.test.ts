import { describe, expect, test } from 'vitest';
import type { BuildEvent, BuildEventBody } from '../../../shared/ipc/build-events.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import {
  elapsedMs,
  foldEvents,
  newBuildView,
  stepsDone,
} from '../../../renderer/stores/build-view.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };
const summary: BuildSummary = {
  buildId: 'b1',
  status: 'running',
  contextDir: '/app',
  dockerfile: '/app/Dockerfile',
  tags: ['app:1'],
  backend: 'portable',
  startedAt: 1000,
  steps: 2,
  cachedSteps: 0,
  logLines: 0,
};
const planned: BuildEventBody = {
  kind: 'build-planned',
  stages: [
    {
      stage: 0,
      base: 'nanoserver',
      steps: [
        { stepId: '0.0', keyword: 'FROM', text: 'FROM nanoserver', range },
        { stepId: '0.1', keyword: 'COPY', text: 'COPY . .', range },
      ],
    },
  ],
};

/** Events in order; output is left out of the stream, so it leaves a gap in `seq`. */
function events(...bodies: readonly BuildEventBody[]): BuildEvent[] {
  return bodies
    .map((body, seq): BuildEvent => ({ ...body, seq, time: 1000 + seq * 100 }))
    .filter(event => event.kind !== 'step-output');
}

const view = (...bodies: readonly BuildEventBody[]) =>
  foldEvents(newBuildView(summary), events(...bodies));
const states = (...bodies: readonly BuildEventBody[]) =>
  view(planned, ...bodies).steps.map(step => step.state);

const started: BuildEventBody = { kind: 'step-started', stepId: '0.0' };
const finished: BuildEventBody = {
  kind: 'step-finished',
  stepId: '0.0',
  outcome: 'cached',
  durationMs: 7,
  phases: { resolve: 7 },
};

describe('a step', () => {
  test('waits once it is planned', () => {
    expect(states()).toEqual([{ kind: 'waiting' }, { kind: 'waiting' }]);
  });

  test('runs from when it started, with its newest progress', () => {
    const progress = {
      kind: 'step-progress',
      stepId: '0.0',
      phase: 'pull',
      unit: 'bytes',
    } as const;
    expect(
      states(started, { ...progress, current: 1 }, { ...progress, current: 2, total: 9 })[0],
    ).toEqual({
      kind: 'running',
      startedAt: 1100,
      progress: { phase: 'pull', unit: 'bytes', current: 2, total: 9 },
    });
  });

  test('is done with its outcome and times, and keeps its start', () => {
    expect(states(started, finished)[0]).toEqual({
      kind: 'cached',
      startedAt: 1100,
      durationMs: 7,
      phases: { resolve: 7 },
    });
  });

  test('keeps its warnings, whatever else happens to it', () => {
    const warning: BuildEventBody = { kind: 'step-warning', stepId: '0.0', range, message: 'hm' };
    const folded = view(planned, started, warning, warning, finished);
    expect(folded.steps[0]?.warnings).toEqual([
      { range, message: 'hm' },
      { range, message: 'hm' },
    ]);
  });

  test('that failed tells why', () => {
    const failed: BuildEventBody = {
      kind: 'step-failed',
      stepId: '0.0',
      failure: { code: 'disk-full', path: '/s' },
    };
    expect(states(started, failed)[0]).toEqual({
      kind: 'failed',
      startedAt: 1100,
      finishedAt: 1200,
      failure: { code: 'disk-full', path: '/s' },
    });
  });

  test('that still ran when the build ended is stopped; one that waited goes on waiting', () => {
    expect(states(started, { kind: 'build-failed', failure: { code: 'cancelled' } })).toEqual([
      { kind: 'stopped', startedAt: 1100 },
      { kind: 'waiting' },
    ]);
  });
});

describe('a build', () => {
  test('that was called off is cancelled, not failed', () => {
    expect(view(planned, { kind: 'build-failed', failure: { code: 'cancelled' } }).status).toBe(
      'cancelled',
    );
    const bug = { code: 'bug', message: 'x' } as const;
    expect(view(planned, { kind: 'build-failed', failure: bug }).status).toBe('failed');
  });

  test('counts the steps that are done', () => {
    expect(stepsDone(view(planned, started, finished))).toEqual({ done: 1, total: 2 });
  });

  test('takes as long as from its start to its end, or until now', () => {
    const running = view(planned);
    expect(elapsedMs(running, 3000)).toBe(2000);
    expect(elapsedMs({ ...running, finishedAt: 1500 }, 3000)).toBe(500);
  });
});

test('events that come twice are folded once', () => {
  const all = events(planned, started, {
    kind: 'step-warning',
    stepId: '0.0',
    range,
    message: 'hm',
  });
  const once = foldEvents(newBuildView(summary), all);
  expect(foldEvents(once, all)).toEqual(once);
});

test('events folded one by one, or from any point on, add up to the same', () => {
  const output: BuildEventBody = {
    kind: 'step-output',
    stepId: '0.0',
    stream: 'stdout',
    lines: ['x'],
  };
  const all = events(planned, started, output, finished, {
    kind: 'build-failed',
    failure: { code: 'cancelled' },
  });
  const whole = foldEvents(newBuildView(summary), all);
  expect(whole.nextSeq).toBe(5);
  for (let cut = 0; cut <= all.length; cut += 1) {
    const first = foldEvents(newBuildView(summary), all.slice(0, cut));
    expect(foldEvents(first, all.slice(cut))).toEqual(whole);
  }
});
