import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startEngine, type LaunchEngine } from '../../../electron/elevation/start-engine.ts';
import { createBackend } from '../../../electron/ipc/backend.ts';
import { noDialogs } from '../../../electron/ipc/host.ts';
import { productDir } from '../../support/bundled.ts';
import { dockerfile, hcsBench } from '../engine/build/backends/hcs/hcs-bench.ts';

const { signal } = new AbortController();

test('kept steps are worked in by the elevated engine, and the window hears of it', async () => {
  await using at = await hcsBench({ Dockerfile: dockerfile('RUN echo half> half.txt && exit 7') });
  await expect(at.build({ run: { keepFailed: true } }, { buildId: 'b1' })).rejects.toMatchObject({
    failure: { code: 'step-failed' },
  });
  const engines: ChildProcess[] = [];
  const launch: LaunchEngine = async invitation => {
    const script = path.join(import.meta.dirname, 'engine-with-doubles.ts');
    const child = spawn(process.execPath, [script, at.store.dir, invitation], { stdio: 'inherit' });
    engines.push(child);
    return { exited: new Promise(resolve => child.once('exit', code => resolve(code ?? -1))) };
  };
  const window = await createBackend({
    mode: 'electron',
    storeDir: at.store.dir,
    productDir,
    version: '0.0.0',
    dialogs: noDialogs,
    roots: [],
    elevate: async () => await startEngine(launch),
    needsElevation: async () => true,
  });
  try {
    const told: unknown[] = [];
    window.events.subscribe(message => void told.push(message));
    const { handlers } = window;
    const build = { buildId: 'b1' };
    const missing = handlers['kept.run']({ buildId: 'other', line: 'ver' }, signal);
    await expect(missing).rejects.toMatchObject({ failure: { code: 'kept-missing' } });
    expect(await handlers['kept.list']({}, signal)).toMatchObject([build]);
    await handlers['kept.close'](build, signal);
    expect(engines).toHaveLength(0);

    const line = 'type half.txt';
    expect(await handlers['kept.run']({ ...build, line }, signal)).toMatchObject({ exitCode: 0 });
    expect(told).toContainEqual({
      event: 'kept.output',
      payload: { ...build, stream: 'stdout', lines: ['half'] },
    });
    const { entries } = await handlers['kept.files']({ ...build, folder: '.' }, signal);
    expect(entries.map(({ name }) => name)).toContain('half.txt');
    await handlers['kept.close'](build, signal);
    await handlers['kept.drop'](build, signal);
    await expect.poll(() => told.at(-1)).toEqual({ event: 'kept.changed', payload: null });
    expect(await handlers['kept.list']({}, signal)).toEqual([]);
    expect(engines).toHaveLength(1);
  } finally {
    const gone = engines.map(engine => new Promise(resolve => engine.once('exit', resolve)));
    await window.close();
    expect(await Promise.all(gone)).toEqual(gone.map(() => 0));
  }
}, 60_000);
