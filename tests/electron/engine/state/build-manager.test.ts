import { existsSync, readFileSync, appendFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../../../shared/failure.ts';
import type { BuildEvent, BuildResult } from '../../../../shared/ipc/build-events.ts';
import { sha256Digest } from '../../../../shared/oci/digest.ts';
import { createBuildArchive } from '../../../../electron/engine/state/build-archive.ts';
import {
  createBuildManager,
  type RunBuild,
} from '../../../../electron/engine/state/build-manager.ts';
import { imageProvenance } from '../../../../electron/engine/state/layer-provenance.ts';
import { newDir, opened, requestFor } from './support.ts';

const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 8 } };
const result: BuildResult = {
  manifestDigest: sha256Digest('a'.repeat(64)),
  configDigest: sha256Digest('b'.repeat(64)),
  tags: ['a:1'],
  layers: 2,
  durationMs: 5,
};

/** A build of one stage with two steps, the first of them cached. */
const script: RunBuild = async ({ buildId, request, emit }) => {
  const { contextDir } = request;
  emit({ kind: 'build-started', buildId, backend: 'portable', contextDir, dockerfile: '/src/D' });
  const steps = ['0.1', '0.2'].map(stepId => ({
    stepId,
    keyword: 'COPY',
    text: 'COPY a b',
    range,
  }));
  emit({ kind: 'build-planned', stages: [{ stage: 0, base: 'scratch', steps }] });
  for (const { stepId } of steps) {
    emit({ kind: 'step-started', stepId });
    emit({ kind: 'step-output', stepId, stream: 'stdout', lines: ['first', 'second'] });
    await Promise.resolve();
    const outcome = stepId === '0.1' ? 'cached' : 'ran';
    emit({ kind: 'step-finished', stepId, outcome, durationMs: 1, phases: { hash: 1 } });
  }
  return result;
};

/** Runs until it is told to stop. */
const endless: RunBuild = async ({ signal }) => {
  signal.throwIfAborted();
  return await new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
};

async function managerFor(runBuild: RunBuild) {
  const state = opened(await newDir());
  const manager = createBuildManager(state, runBuild);
  onTestFinished(async () => await manager.close());
  return { state, manager, archive: createBuildArchive(state) };
}

const everything = { fromLine: 0, count: 100 };

describe('the build manager', () => {
  test('records a build: summary, events, log', async () => {
    const { manager, archive } = await managerFor(script);
    const buildId = manager.start(requestFor('/src', ['a:1']));
    const summary = await manager.settled(buildId);
    expect(summary).toMatchObject({
      buildId,
      status: 'succeeded',
      dockerfile: '/src/D',
      steps: 2,
      cachedSteps: 1,
      logLines: 4,
      result,
    });
    expect(archive.get(buildId)).toEqual({ summary, request: requestFor('/src', ['a:1']) });
    expect(archive.list({ offset: 0, limit: 10 })).toEqual({ builds: [summary], total: 1 });
    const { events, nextSeq } = await archive.eventsSince(buildId, 0, 100);
    expect(events.map(event => [event.seq, event.kind])).toEqual([
      [0, 'build-started'],
      [1, 'build-planned'],
      [2, 'step-started'],
      [4, 'step-finished'],
      [5, 'step-started'],
      [7, 'step-finished'],
      [8, 'build-finished'],
    ]);
    expect(nextSeq).toBe(9);
    const page = await archive.logs.page(buildId, { ...everything, stepId: '0.2' });
    expect(page.lines.map(({ line, text }) => [line, text])).toEqual([
      [2, 'first'],
      [3, 'second'],
    ]);
    expect(
      (
        await archive.logs.search(buildId, {
          text: 'second',
          matchCase: true,
          fromLine: 0,
          limit: 9,
        })
      ).lines,
    ).toEqual([1, 3]);
  });

  test('tells every event in order, numbered without a gap, after it can be read', async () => {
    const { manager, archive } = await managerFor(script);
    const told: BuildEvent[] = [];
    const lines: Promise<number>[] = [];
    manager.subscribe((buildId, event) => {
      told.push(event);
      lines.push(archive.logs.page(buildId, everything).then(page => page.total));
    });
    await manager.settled(manager.start(requestFor('/src')));
    expect(told.map(event => event.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await Promise.all(lines)).at(3)).toBeGreaterThanOrEqual(2);
  });

  test('re-attaches from a sequence number, in pages', async () => {
    const { manager, archive } = await managerFor(script);
    const buildId = manager.start(requestFor('/src'));
    await manager.settled(buildId);
    const first = await archive.eventsSince(buildId, 3, 2);
    expect(first.events.map(event => event.seq)).toEqual([4, 5]);
    const second = await archive.eventsSince(buildId, first.nextSeq, 100);
    expect(second.events.map(event => event.seq)).toEqual([7, 8]);
    expect(await archive.eventsSince(buildId, second.nextSeq, 100)).toEqual({
      events: [],
      nextSeq: 9,
    });
  });

  test('an event that a crash cut off is left out', async () => {
    const { state, manager, archive } = await managerFor(script);
    const buildId = manager.start(requestFor('/src'));
    await manager.settled(buildId);
    appendFileSync(path.join(state.buildDir(buildId), 'events.jsonl'), '{"kind":"step-st');
    expect((await archive.eventsSince(buildId, 8, 100)).events.map(e => e.kind)).toEqual([
      'build-finished',
    ]);
  });

  test('a build that throws has failed, with the failure as its last event', async () => {
    const failure = { code: 'disk-full', path: '/full' } as const;
    const { manager, archive } = await managerFor(async () => {
      throw new AppError(failure);
    });
    const buildId = manager.start(requestFor('/src'));
    expect(await manager.settled(buildId)).toMatchObject({ status: 'failed', failure });
    expect((await archive.eventsSince(buildId, 0, 9)).events).toMatchObject([
      { kind: 'build-failed', failure },
    ]);
  });

  test('a build that closes its record itself gets no second closing event', async () => {
    const { manager, archive } = await managerFor(async ({ emit }) => {
      emit({ kind: 'build-failed', failure: { code: 'disk-full', path: '/x' } });
      throw new Error('and then this');
    });
    const buildId = manager.start(requestFor('/src'));
    expect((await manager.settled(buildId)).failure).toMatchObject({ code: 'disk-full' });
    expect((await archive.eventsSince(buildId, 0, 9)).events).toHaveLength(1);
  });

  test('cancels one build and leaves the other', async () => {
    const { manager, archive } = await managerFor(endless);
    const first = manager.start(requestFor('/first'));
    const second = manager.start(requestFor('/second'));
    expect(manager.cancel(first)).toBe(true);
    expect(await manager.settled(first)).toMatchObject({
      status: 'cancelled',
      failure: { code: 'cancelled' },
    });
    expect(archive.get(second).summary.status).toBe('running');
    await expect(archive.delete(second)).rejects.toMatchObject({
      failure: { code: 'build-running' },
    });
    expect(manager.cancel('unknown')).toBe(false);
    await manager.close();
    expect(archive.get(second).summary.status).toBe('cancelled');
  });

  test('a running build shows its progress and its last line at once', async () => {
    const { manager, archive } = await managerFor(async run => {
      run.emit({ kind: 'step-output', stepId: '0.1', stream: 'note', lines: ['now'] });
      return await endless(run);
    });
    const told = new Promise<string>(resolve => void manager.subscribe(resolve));
    manager.start(requestFor('/src'));
    const buildId = await told;
    expect(archive.get(buildId).summary).toMatchObject({ status: 'running', logLines: 1 });
    expect((await archive.logs.page(buildId, everything)).lines).toMatchObject([{ text: 'now' }]);
  });

  test('a build that cannot be recorded any more is stopped', async () => {
    const { state, manager } = await managerFor(async run => {
      state.history.save = () => {
        throw new AppError({ code: 'disk-full', path: '/history.db' });
      };
      const { buildId } = run;
      try {
        run.emit({
          kind: 'build-started',
          buildId,
          backend: 'portable',
          contextDir: '/',
          dockerfile: '-',
        });
      } catch {
        // Takes no notice, as a careless build would.
      }
      if (run.signal.aborted) throw new AppError({ code: 'cancelled' });
      return await endless(run);
    });
    const buildId = manager.start(requestFor('/src'));
    expect(await manager.settled(buildId)).toMatchObject({
      status: 'failed',
      failure: { code: 'disk-full' },
    });
  });

  test('saves the log, and deletes a build with all its files', async () => {
    const { state, manager, archive } = await managerFor(script);
    const buildId = manager.start(requestFor('/src'));
    await manager.settled(buildId);
    const file = path.join(await newDir(), 'log.txt');
    expect(await archive.logs.saveTo(buildId, file)).toBe(4);
    expect(readFileSync(file, 'utf8')).toBe('first\nsecond\nfirst\nsecond\n');
    await archive.delete(buildId);
    expect(existsSync(state.buildDir(buildId))).toBe(false);
    expect(archive.list({ offset: 0, limit: 10 }).total).toBe(0);
    await expect(archive.logs.page(buildId, everything)).rejects.toMatchObject({
      failure: { code: 'file-system', errno: 'ENOENT' },
    });
  });

  test('finds the newest build of an image and which step made which layer', async () => {
    const diffId = sha256Digest('c'.repeat(64));
    const layer = {
      digest: sha256Digest('d'.repeat(64)),
      diffId,
      compressedSize: 1,
      uncompressedSize: 2,
      files: 1,
    };
    const { state, manager } = await managerFor(async run => {
      await script(run);
      const stepId = '0.2';
      run.emit({ kind: 'step-finished', stepId, outcome: 'ran', durationMs: 1, phases: {}, layer });
      return result;
    });
    await manager.settled(manager.start(requestFor('/old')));
    await new Promise(resolve => setTimeout(resolve, 2));
    const buildId = manager.start(requestFor('/new'));
    await manager.settled(buildId);
    const provenance = await imageProvenance(state, result.manifestDigest);
    expect(provenance).toMatchObject({ buildId, contextDir: '/new', dockerfile: '/src/D' });
    expect(provenance?.steps.get(diffId)?.stepId).toBe('0.2');
    expect(await imageProvenance(state, diffId)).toBeUndefined();
  });

  test('an id that is none never becomes a path', async () => {
    const { archive } = await managerFor(script);
    const failure = { code: 'build-missing', buildId: '../../etc' };
    await expect(archive.logs.page('../../etc', everything)).rejects.toMatchObject({ failure });
    await expect(archive.eventsSince('../../etc', 0, 1)).rejects.toMatchObject({ failure });
    await expect(archive.delete('../../etc')).rejects.toMatchObject({ failure });
  });

  test('keeps the logs of many builds readable at once', async () => {
    const { manager, archive } = await managerFor(script);
    const ids = Array.from({ length: 20 }, () => manager.start(requestFor('/src')));
    await Promise.all(ids.map(async buildId => await manager.settled(buildId)));
    const totals = await Promise.all(
      [...ids, ...ids].map(async buildId => (await archive.logs.page(buildId, everything)).total),
    );
    expect(new Set(totals)).toEqual(new Set([4]));
  });
});
