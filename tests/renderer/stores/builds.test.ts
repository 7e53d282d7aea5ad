import { describe, expect, test } from 'vitest';
import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { createBuilds, runningBuild } from '../../../renderer/stores/builds.ts';
import { memoryApi, turns, type Answers } from '../support/memory-api.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };
const steps = [0, 1, 2].map(at => ({
  stepId: `0.${at}`,
  keyword: 'COPY',
  text: `COPY ${at} .`,
  range,
}));
const log: BuildEvent[] = [
  {
    seq: 0,
    time: 1,
    kind: 'build-started',
    buildId: 'b1',
    backend: 'portable',
    contextDir: '/app',
    dockerfile: '/app/Dockerfile',
  },
  { seq: 1, time: 2, kind: 'build-planned', stages: [{ stage: 0, base: 'x', steps }] },
  { seq: 2, time: 3, kind: 'step-started', stepId: '0.0' },
  {
    seq: 4,
    time: 5,
    kind: 'step-finished',
    stepId: '0.0',
    outcome: 'ran',
    durationMs: 2,
    phases: {},
  },
  { seq: 5, time: 6, kind: 'step-started', stepId: '0.1' },
  {
    seq: 6,
    time: 7,
    kind: 'step-finished',
    stepId: '0.1',
    outcome: 'ran',
    durationMs: 2,
    phases: {},
  },
];

function summaryOf(status: BuildSummary['status'], buildId = 'b1'): BuildSummary {
  return {
    buildId,
    status,
    contextDir: '/app',
    dockerfile: '/app/Dockerfile',
    tags: [],
    backend: 'portable',
    startedAt: 1,
    steps: 3,
    cachedSteps: 0,
    logLines: 0,
  };
}

/** A host with a build of which `known` events are recorded; two to a page. */
function host(known: () => readonly BuildEvent[], status: BuildSummary['status'] = 'running') {
  const answers: Answers = {
    'build.list': () => ({ builds: [summaryOf(status)], total: 1 }),
    'build.get': () => ({ summary: summaryOf(status), request: {} as never }),
    'build.start': () => ({ buildId: 'b1' }),
    'build.events': ({ fromSeq }) => {
      const events = known()
        .filter(event => event.seq >= fromSeq)
        .slice(0, 2);
      const last = events.at(-1);
      return { events, nextSeq: last === undefined ? fromSeq : last.seq + 1 };
    },
  };
  return memoryApi(answers);
}

const kinds = (builds: ReturnType<typeof createBuilds>) =>
  builds
    .getState()
    .views.get('b1')
    ?.steps.map(step => step.state.kind);

describe('a window that comes in the middle of a build', () => {
  test('finds the build, reads what happened, and follows it from there', async () => {
    const api = host(() => log.slice(0, 4));
    const builds = createBuilds(api);
    await builds.getState().refresh();
    expect(kinds(builds)).toEqual(['ran', 'waiting', 'waiting']);
    expect(builds.getState().currentId).toBe('b1');
    api.tell('build.events', { buildId: 'b1', events: log.slice(4) });
    expect(kinds(builds)).toEqual(['ran', 'ran', 'waiting']);
  });

  test('loses nothing of what is told while it still reads', async () => {
    let recorded = 2;
    const api = host(() => log.slice(0, recorded));
    const builds = createBuilds(api);
    const following = builds.getState().follow('b1');
    await Promise.resolve();
    // Told before the pages that come before it have been read.
    api.tell('build.events', { buildId: 'b1', events: log.slice(4) });
    recorded = 4;
    await following;
    expect(kinds(builds)).toEqual(['ran', 'ran', 'waiting']);
  });
});

test('a started build is followed and is the current one', async () => {
  const api = host(() => log.slice(0, 2));
  const builds = createBuilds(api);
  expect(await builds.getState().start({ contextDir: '/app' })).toBe('b1');
  expect(runningBuild(builds.getState())?.buildId).toBe('b1');
});

test('a build is read once, however often it is followed', async () => {
  const api = host(() => log);
  const builds = createBuilds(api);
  await Promise.all([builds.getState().follow('b1'), builds.getState().follow('b1')]);
  await builds.getState().follow('b1');
  expect(api.asked.filter(({ channel }) => channel === 'build.get')).toHaveLength(1);
});

test('a build that could not be read can be followed again', async () => {
  let broken = true;
  const api = host(() => {
    if (broken) throw new Error('gone');
    return log;
  });
  const builds = createBuilds(api);
  await expect(builds.getState().follow('b1')).rejects.toThrow('gone');
  broken = false;
  await builds.getState().follow('b1');
  expect(kinds(builds)).toEqual(['ran', 'ran', 'waiting']);
});

test('after the connection was lost, what was missed is read', async () => {
  let recorded = 3;
  const api = host(() => log.slice(0, recorded));
  const builds = createBuilds(api);
  await builds.getState().refresh();
  recorded = log.length;
  api.connection('lost');
  api.connection('connected');
  await turns();
  expect(kinds(builds)).toEqual(['ran', 'ran', 'waiting']);
});

test('a build whose process died is interrupted, though its events end in the middle', async () => {
  const builds = createBuilds(host(() => log.slice(0, 3), 'interrupted'));
  await builds.getState().follow('b1');
  expect(builds.getState().views.get('b1')?.status).toBe('interrupted');
  expect(runningBuild(builds.getState())).toBeUndefined();
});

test('the answer to an earlier search does not replace that to a later one', async () => {
  const waiting: (() => void)[] = [];
  const api = memoryApi({
    'build.list': async ({ search = '' }) => {
      if (search === 'slow') await new Promise<void>(resolve => waiting.push(resolve));
      return { builds: [summaryOf('succeeded', search)], total: 1 };
    },
  });
  const builds = createBuilds(api);
  const slow = builds.getState().setSearch('slow');
  await builds.getState().setSearch('fast');
  await turns();
  for (const go of waiting) go();
  await slow;
  expect(builds.getState().list).toMatchObject({ value: [{ buildId: 'fast' }] });
});
