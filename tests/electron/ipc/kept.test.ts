import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeptSteps } from '../../../electron/engine/build/backends/hcs/debug/kept-steps.ts';
import { keptHandlers } from '../../../electron/ipc/handlers/kept.ts';
import { dockerfile, hcsBench, supportOf } from '../engine/build/backends/hcs/hcs-bench.ts';

const { signal } = new AbortController();

describe('what a failed RUN left, over the contract', () => {
  test('is listed, worked in line by line, closed and dropped', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile('WORKDIR C:/w', 'RUN echo half> half.txt && exit 7'),
    });
    await expect(at.build({ run: { keepFailed: true } }, { buildId: 'b1' })).rejects.toMatchObject({
      failure: { code: 'step-failed' },
    });
    const told: unknown[] = [];
    const filesDir = (buildId: string) => path.join(at.dir, 'files', buildId);
    await using handlers = keptHandlers({
      kept: createKeptSteps(at.store, async () => supportOf(at.store, at.doubles)),
      filesDir,
      events: { emit: (event, payload) => void told.push([event, payload]) },
    });
    const build = { buildId: 'b1' };
    expect(await handlers['kept.list']({}, signal)).toMatchObject([
      { ...build, stepId: '0.2', workingDir: 'C:\\w' },
    ]);
    expect(await handlers['kept.run']({ ...build, line: 'type half.txt' }, signal)).toEqual({
      exitCode: 0,
      workingDir: 'C:\\w',
    });
    expect(told).toEqual([['kept.output', { ...build, stream: 'stdout', lines: ['half'] }]]);
    expect(await handlers['kept.files']({ ...build, folder: '.' }, signal)).toMatchObject({
      entries: [{ name: 'half.txt', kind: 'file' }],
    });
    await handlers['kept.close'](build, signal);
    expect(at.doubles.counters()).toMatchObject({ systems: 0, activeScratches: 0 });
    await handlers['kept.run']({ ...build, line: 'ver' }, signal);
    await handlers['kept.drop'](build, signal);
    expect(told.at(-1)).toEqual(['kept.changed', null]);
    expect(await handlers['kept.list']({}, signal)).toEqual([]);
    await expect(handlers['kept.run']({ ...build, line: 'ver' }, signal)).rejects.toMatchObject({
      failure: { code: 'kept-missing' },
    });
  });

  test('saved logs are read by name, and no name leads out of their folder', async () => {
    await using at = await hcsBench({ Dockerfile: dockerfile() });
    const dir = path.join(at.dir, 'files', 'b1', '0.1');
    await mkdir(dir, { recursive: true });
    await writeFile(path.join(dir, 'dd_setup.log'), 'error');
    await writeFile(path.join(at.dir, 'outside.txt'), 'outside');
    await using handlers = keptHandlers({
      kept: createKeptSteps(at.store, async () => undefined),
      filesDir: buildId => path.join(at.dir, 'files', buildId),
      events: { emit: () => undefined },
    });
    const step = { buildId: 'b1', stepId: '0.1' };
    expect(await handlers['build.file']({ ...step, name: 'dd_setup.log' }, signal)).toEqual({
      text: 'error',
      isCut: false,
    });
    for (const name of ['../../../outside.txt', '..', 'a/b', 'a\\b', 'nul\0'])
      await expect(handlers['build.file']({ ...step, name }, signal)).rejects.toMatchObject({
        failure: { code: 'bad-request' },
      });
  });
});
