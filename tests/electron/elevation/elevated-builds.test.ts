import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngine, type LaunchEngine } from '../../../electron/elevation/start-engine.ts';
import { createBackend, type Backend } from '../../../electron/ipc/backend.ts';
import { noDialogs } from '../../../electron/ipc/host.ts';
import { AppError } from '../../../shared/failure.ts';
import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { PipelineRunView } from '../../../shared/ipc/pipeline-views.ts';
import { buildRequestSchema } from '../../../shared/ipc/build-request.ts';
import { productDir } from '../../support/bundled.ts';
import { newTempDir } from '../../support/temp-dir.ts';

let dir: string;
let engines: ChildProcess[];
let backend: Backend;
const { signal } = new AbortController();

const launch: LaunchEngine = async invitation => {
  const store = path.join(dir, 'store');
  const cli = path.join(productDir, 'electron/cli.ts');
  const args = [cli, '--store', store, 'engine', '--invitation', invitation];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  engines.push(child);
  return { exited: new Promise(resolve => child.once('exit', code => resolve(code ?? -1))) };
};

/** A window whose builds with the tag `elevated` need rights that it does not have. */
async function openWindow(elevate = async () => await startEngine(launch)): Promise<void> {
  backend = await createBackend({
    mode: 'electron',
    storeDir: path.join(dir, 'store'),
    productDir,
    version: '0.0.0',
    dialogs: noDialogs,
    roots: [path.join(dir, 'context')],
    elevate,
    needsElevation: async request => request?.tags.includes('elevated') ?? true,
  });
}

beforeEach(async () => {
  dir = await newTempDir();
  engines = [];
  await mkdir(path.join(dir, 'context'));
  await writeFile(path.join(dir, 'context', 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile C:/a/\n');
});
afterEach(async () => {
  await backend.close();
  for (const engine of engines) engine.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

const request = (...tags: string[]) =>
  buildRequestSchema.parse({ contextDir: path.join(dir, 'context'), tags });

/** What the window hears of builds, until one of them is over. */
function heard(): { readonly told: BuildEvent[]; readonly over: Promise<void> } {
  const told: BuildEvent[] = [];
  const over = Promise.withResolvers<void>();
  backend.events.subscribe(message => {
    if (message.event !== 'build.events') return;
    told.push(...message.payload.events);
    if (told.some(({ kind }) => kind === 'build-finished' || kind === 'build-failed'))
      over.resolve();
  });
  return { told, over: over.promise };
}

/** Starts a pipeline of the open folder and waits until it is over. */
async function runOf(file: string): Promise<PipelineRunView> {
  const over = Promise.withResolvers<PipelineRunView>();
  const stop = backend.events.subscribe(message => {
    if (message.event === 'pipeline.changed' && message.payload.status !== 'running')
      over.resolve(message.payload);
  });
  const choice = { compression: 'gzip', timestamps: 'normalize', noCache: true } as const;
  await backend.handlers['pipeline.start']({ file, backend: 'auto', ...choice }, signal);
  const run = await over.promise;
  stop();
  return run;
}

describe('builds that need rights which the window lacks', () => {
  it('run in an engine of their own, and look to the window like any other', async () => {
    await openWindow();
    const { told, over } = heard();
    const { buildId } = await backend.handlers['build.start'](request('elevated'), signal);
    await over;
    expect(engines).toHaveLength(1);
    // Output lines are in the log, which both read from the disk.
    const numbers = told.map(({ seq }) => seq);
    expect(numbers[0]).toBe(0);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    const log = await backend.handlers['build.log']({ buildId, fromLine: 0, count: 100 }, signal);
    expect(log.total).toBeGreaterThan(0);
    const detail = await backend.handlers['build.get']({ buildId }, signal);
    expect(detail.summary.status).toBe('succeeded');
    const images = await backend.handlers['image.list']({}, signal);
    expect(JSON.stringify(images)).toContain('elevated');
    expect(backend.running.count()).toBe(0);
  }, 60_000);

  it('use the engine that runs; all others stay in the window', async () => {
    await openWindow();
    for (const tag of ['elevated', 'plain', 'elevated']) {
      const { over } = heard();
      await backend.handlers['build.start'](request(tag), signal);
      await over;
    }
    expect(engines).toHaveLength(1);
  }, 60_000);

  it('end with their engine, which the next build starts anew', async () => {
    await openWindow();
    const first = heard();
    await backend.handlers['build.start'](request('elevated'), signal);
    await first.over;
    const gone = new Promise(resolve => engines[0]?.once('exit', resolve));
    engines[0]?.kill('SIGKILL');
    await gone;
    await expect.poll(() => backend.running.count()).toBe(0);
    const second = heard();
    await backend.handlers['build.start'](request('elevated'), signal);
    await second.over;
    expect(engines).toHaveLength(2);
  }, 60_000);

  it('read secrets and caches that the person chose, outside of the context too', async () => {
    await openWindow();
    const secret = path.join(dir, 'token.txt');
    await writeFile(secret, 'hush');
    const { told, over } = heard();
    const wanted = { ...request('elevated'), cacheFrom: [{ type: 'local' as const, dir }] };
    const build = { ...wanted, run: { ...wanted.run, secrets: { token: { file: secret } } } };
    await expect(backend.handlers['build.start'](build, signal)).rejects.toMatchObject({
      failure: { code: 'path-refused' },
    });
    await backend.grants.grant(secret);
    await backend.grants.grant(dir);
    await backend.handlers['build.start'](build, signal);
    await over;
    expect(told.at(-1)?.kind).toBe('build-finished');
  }, 60_000);

  it('of a pipeline run there as well, and what is cut off with the engine has failed', async () => {
    await openWindow();
    const images = '  a: { file: Dockerfile.all, tags: [elevated] }\n';
    const last = '  b: { file: Dockerfile, tags: [plain], depends_on: [a] }\n';
    await writeFile(path.join(dir, 'context', 'ZPipeline.yaml'), `images:\n${images}${last}`);
    await writeFile(path.join(dir, 'context', 'Dockerfile.large'), '');
    await writeFile(path.join(dir, 'context', 'Dockerfile.all'), 'FROM scratch\nCOPY . C:/a/\n');
    await backend.projects.open(path.join(dir, 'context'));
    const run = await runOf('ZPipeline.yaml');
    expect(run.images.map(({ state }) => state.kind)).toEqual(['built', 'built']);
    expect(engines).toHaveLength(1);
    const gone = new Promise(resolve => engines[0]?.once('exit', resolve));
    // Not over before it is cut off.
    await truncate(path.join(dir, 'context', 'Dockerfile.large'), 512 * 1024 * 1024);
    backend.events.subscribe(message => {
      if (message.event === 'build.events') engines[0]?.kill('SIGKILL');
    });
    const cut = await runOf('ZPipeline.yaml');
    await gone;
    expect(cut.images[0]?.state).toMatchObject({
      kind: 'failed',
      failure: { code: 'engine-gone' },
    });
    expect(cut.status).toBe('failed');
  }, 60_000);

  it('fail with what the person answered, and leave the portable backend working', async () => {
    await openWindow(async () => {
      throw new AppError({ code: 'elevation-refused' });
    });
    const refused = backend.handlers['build.start'](request('elevated'), signal);
    await expect(refused).rejects.toMatchObject({ failure: { code: 'elevation-refused' } });
    const { told, over } = heard();
    await backend.handlers['build.start'](request('plain'), signal);
    await over;
    expect(told.at(-1)?.kind).toBe('build-finished');
  }, 60_000);

  it('leave no engine behind when the window closes', async () => {
    await openWindow();
    const { over } = heard();
    await backend.handlers['build.start'](request('elevated'), signal);
    await over;
    const gone = new Promise(resolve => engines[0]?.once('exit', resolve));
    await backend.close();
    expect(await gone).toBe(0);
    await openWindow();
  }, 60_000);
});
