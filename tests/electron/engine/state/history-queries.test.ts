import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createBuildArchive } from '../../../../electron/engine/state/build-archive.ts';
import { createBuildRecorder } from '../../../../electron/engine/state/build-recorder.ts';
import { migrations } from '../../../../electron/engine/state/migrations.ts';
import { openState, type State } from '../../../../electron/engine/state/state.ts';
import { failureOf } from '../../../../shared/failure.ts';
import type { BuildEventBody } from '../../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import { newDir, opened, requestFor } from './support.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
const all = { offset: 0, limit: 100 };

interface Step {
  readonly text: string;
  readonly ms?: number;
  readonly layer?: string;
  readonly outcome?: 'ran' | 'cached';
}

/** Puts a build with these steps on record, as one that ran. */
function record(
  state: State,
  request: BuildRequest,
  steps: readonly Step[],
  failed = false,
): string {
  const recorder = createBuildRecorder(state, request);
  const say = (body: BuildEventBody) => void recorder.record(body);
  const planned = steps.map(({ text }, at) => ({
    stepId: `0.${at}`,
    keyword: 'COPY',
    text,
    range,
  }));
  say({ kind: 'build-planned', stages: [{ stage: 0, base: 'base', steps: planned }] });
  for (const [at, { layer, ms = 0, outcome = 'ran' }] of steps.entries()) {
    const made = layer && {
      digest: digestOf(layer),
      diffId: digestOf(`${layer} unpacked`),
      compressedSize: 100,
      uncompressedSize: 200,
      files: 1,
    };
    say({
      kind: 'step-finished',
      stepId: `0.${at}`,
      outcome,
      durationMs: ms,
      phases: {},
      ...(made ? { layer: made } : {}),
    });
  }
  const image = digestOf(JSON.stringify(steps));
  recorder.close(
    failed
      ? { kind: 'build-failed', failure: { code: 'disk-full', path: '/full' } }
      : {
          kind: 'build-finished',
          result: {
            manifestDigest: image,
            configDigest: image,
            tags: [],
            layers: 1,
            durationMs: 1,
          },
        },
  );
  return recorder.summary.buildId;
}

describe('the history', () => {
  test('is filtered by status, folder, time and text, all together', async () => {
    const state = opened(await newDir());
    const archive = createBuildArchive(state);
    const good = record(state, requestFor('/a', ['acme/shop:1']), []);
    const bad = record(state, requestFor('/a'), [], true);
    const other = record(state, requestFor('/b'), []);
    const idsOf = (filter: object) =>
      archive.list({ ...all, ...filter }).builds.map(({ buildId }) => buildId);
    expect(new Set(idsOf({ contextDir: '/a' }))).toEqual(new Set([good, bad]));
    expect(idsOf({ status: ['failed'] })).toEqual([bad]);
    expect(idsOf({ status: ['succeeded'], contextDir: '/a', search: 'SHOP' })).toEqual([good]);
    expect(idsOf({ contextDir: '/A' })).toEqual([]);
    const { startedAt } = archive.get(other).summary;
    expect(idsOf({ from: startedAt + 1 })).toEqual([]);
    expect(idsOf({ from: startedAt - 60_000, to: startedAt + 1 }).length).toBe(3);
    expect(archive.projects()).toMatchObject([
      { contextDir: '/b', builds: 1, failed: 0, lastAt: startedAt },
      { contextDir: '/a', builds: 2, failed: 1 },
    ]);
  });

  test('of an older version is brought up to date, and nothing of it is lost', async () => {
    const storeDir = await newDir();
    const state = openState(storeDir);
    const buildId = record(state, requestFor('/old', ['x:1']), [{ text: 'COPY a b', layer: 'a' }]);
    await state.close();
    const file = path.join(storeDir, 'state/history.db');
    const database = new DatabaseSync(file);
    database.exec(`DROP INDEX builds_by_project; DROP INDEX builds_by_status;
      ALTER TABLE builds DROP COLUMN context_dir; PRAGMA user_version = 1`);
    database.close();
    expect(migrations.length).toBeGreaterThan(1);
    const archive = createBuildArchive(opened(storeDir));
    expect(archive.list({ ...all, contextDir: '/old' }).builds).toMatchObject([{ buildId }]);
  });

  test('finds a build by its beginning or as the last one, and says where several begin like that', async () => {
    const state = opened(await newDir());
    const archive = createBuildArchive(state);
    const ids = [
      record(state, requestFor('/a'), []),
      record(state, requestFor('/a'), []),
    ].toSorted();
    expect(archive.find('last')).toBe(ids[1]);
    expect(archive.find(ids[0] ?? '')).toBe(ids[0]);
    for (const text of [ids[0]?.slice(0, 3) ?? '', 'zzz', '']) {
      expect(failureIn(() => archive.find(text))).toEqual({ code: 'build-missing', buildId: text });
    }
  });

  test('forgets all builds that a filter lets through, but none that runs', async () => {
    const state = opened(await newDir());
    const archive = createBuildArchive(state);
    record(state, requestFor('/a'), []);
    const kept = record(state, requestFor('/b'), []);
    const running = state.history.begin(requestFor('/a'), state.claim().owner).buildId;
    expect(await archive.deleteAll({ contextDir: '/a' })).toHaveLength(1);
    const left = archive.list(all).builds.map(({ buildId }) => buildId);
    expect(new Set(left)).toEqual(new Set([kept, running]));
  });

  test('tells how a project went, oldest first', async () => {
    const state = opened(await newDir());
    const archive = createBuildArchive(state);
    const steps = [
      { text: 'COPY a b', layer: 'a', outcome: 'cached' as const },
      { text: 'ENV a=b' },
    ];
    const ids = [record(state, requestFor('/a'), steps), record(state, requestFor('/a'), [], true)];
    record(state, requestFor('/b'), []);
    const points = archive.trend('/a', 10);
    expect(points.map(({ buildId }) => buildId)).toEqual(ids.toSorted());
    expect(points.find(({ buildId }) => buildId === ids[0])).toMatchObject({
      status: 'succeeded',
      steps: 2,
      cachedSteps: 1,
      layerBytes: 100,
      durationMs: expect.any(Number),
    });
    expect(archive.trend('/a', 1)).toHaveLength(1);
  });
});

describe('two builds side by side', () => {
  async function compared(
    before: readonly Step[],
    after: readonly Step[],
    request = requestFor('/a'),
  ) {
    const state = opened(await newDir());
    const archive = createBuildArchive(state);
    const first = record(state, requestFor('/a'), before);
    // Ids of one millisecond are in no order.
    const start = archive.get(first).summary.startedAt;
    while (Date.now() === start);
    const second = record(state, request, after);
    return { comparison: await archive.compare(second, first), first, second, archive };
  }
  const shown = (steps: Awaited<ReturnType<typeof compared>>['comparison']['steps']) =>
    steps.map(
      ({ after, before, kind }) => `${kind}: ${before?.text ?? '-'} | ${after?.text ?? '-'}`,
    );

  test('say which steps are new, gone, changed or slower, and which layers are others', async () => {
    const { comparison, first, second } = await compared(
      [
        { text: 'FROM a' },
        { text: 'COPY old C:/', layer: 'old' },
        { text: 'RUN setup', ms: 1000, layer: 's' },
        { text: 'ENV gone=1' },
        { text: 'COPY app C:/', ms: 10, layer: 'app' },
      ],
      [
        { text: 'FROM a' },
        { text: 'LABEL new=1' },
        { text: 'COPY new C:/', layer: 'new' },
        { text: 'RUN setup', ms: 4000, layer: 's' },
        { text: 'COPY app C:/', ms: 5, layer: 'app 2' },
      ],
    );
    expect([comparison.before.buildId, comparison.after.buildId]).toEqual([first, second]);
    expect(shown(comparison.steps)).toEqual([
      'same: FROM a | FROM a',
      'added: - | LABEL new=1',
      'changed: COPY old C:/ | COPY new C:/',
      'same: RUN setup | RUN setup',
      'removed: ENV gone=1 | -',
      'same: COPY app C:/ | COPY app C:/',
    ]);
    expect(comparison.steps[3]).toMatchObject({ slowerMs: 3000, sameLayer: true });
    expect(comparison.steps[5]).toMatchObject({ slowerMs: -5, sameLayer: false });
    expect(comparison).toMatchObject({ sameImage: false, largerBytes: 0, inputs: [] });
  });

  test('say what was asked for in another way', async () => {
    const request = { ...requestFor('/a', ['x:2']), buildArgs: { VERSION: '2' }, noCache: true };
    const { comparison } = await compared([], [], request);
    expect(comparison.inputs).toEqual([
      { field: 'buildArgs.VERSION', after: '2' },
      { field: 'noCache', before: 'false', after: 'true' },
      { field: 'tags', before: '', after: 'x:2' },
    ]);
    expect(comparison.sameImage).toBe(true);
  });

  test('without another take the one before in the same folder, and say where there is none', async () => {
    const { archive, first, second } = await compared([], []);
    expect((await archive.compare(second)).before.buildId).toBe(first);
    const failure = await archive.compare(first).catch((error: unknown) => failureOf(error));
    expect(failure).toEqual({ code: 'build-alone', buildId: first, contextDir: '/a' });
  });
});

function failureIn(work: () => unknown) {
  try {
    return work();
  } catch (error) {
    return failureOf(error);
  }
}
