import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openState } from '../../../../electron/engine/state/state.ts';
import { newDir, opened, requestFor } from './support.ts';

const all = { offset: 0, limit: 100 };
const holder = path.join(import.meta.dirname, 'build-holder.ts');

/** A process that has a build running in the store, ready to be killed. */
async function buildInAnotherProcess(storeDir: string) {
  const child = spawn(process.execPath, [holder, storeDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [buildId] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, buildId: buildId.toString().trim() };
}

describe('the build history', () => {
  test('lists the newest first, in pages, with the total', async () => {
    const { history, claim } = opened(await newDir());
    const ids = [1, 2, 3, 4, 5].map(
      n => history.begin(requestFor(`/src/${n}`), claim().owner).buildId,
    );
    const newest = ids.toSorted().toReversed();
    expect(history.list({ offset: 1, limit: 2 })).toMatchObject({
      total: 5,
      builds: [{ buildId: newest[1] }, { buildId: newest[2] }],
    });
  });

  test('finds a build by a part of its folder, tag or id, whatever the case', async () => {
    const { history, claim } = opened(await newDir());
    const first = history.begin(requestFor('/src/Shop', ['acme/SHOP:1']), claim().owner);
    history.begin(requestFor('/src/other'), claim().owner);
    for (const search of ['SHOP', 'me/sh', first.buildId]) {
      expect(history.list({ ...all, search })).toMatchObject({
        total: 1,
        builds: [{ contextDir: '/src/Shop' }],
      });
    }
    expect(history.list({ ...all, search: '%' }).total).toBe(0);
  });

  test('gives every build an id of its own that sorts by time', async () => {
    const { history, claim } = opened(await newDir());
    const ids = Array.from(
      { length: 300 },
      () => history.begin(requestFor('/src'), claim().owner).buildId,
    );
    expect(new Set(ids).size).toBe(300);
    const times = ids.map(id => id.slice(0, 9));
    expect(times).toEqual(times.toSorted());
    expect(ids.every(id => /^[0-9a-z]{12}$/.test(id))).toBe(true);
  });

  test('keeps request, result and failure over a restart', async () => {
    const storeDir = await newDir();
    const before = openState(storeDir);
    const request = { ...requestFor('/src', ['a:1']), buildArgs: { KEY: 'ü\n"' } };
    const summary = before.history.begin(request, before.claim().owner);
    const failure = { code: 'disk-full', path: '/full' } as const;
    before.history.save({ ...summary, status: 'failed', finishedAt: 7, failure });
    await before.close();

    expect(opened(storeDir).history.get(summary.buildId)).toEqual({
      request,
      summary: { ...summary, status: 'failed', finishedAt: 7, failure },
    });
  });

  test('shows a build as interrupted once its process was killed, and not before', async () => {
    const storeDir = await newDir();
    const { child, buildId } = await buildInAnotherProcess(storeDir);
    const { history } = opened(storeDir);
    expect(history.get(buildId).summary.status).toBe('running');
    expect(() => history.delete(buildId)).toThrow(
      expect.objectContaining({ failure: { code: 'build-running', buildId } }),
    );

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(history.get(buildId).summary.status).toBe('interrupted');
    history.delete(buildId);
    expect(history.list(all)).toEqual({ builds: [], total: 0 });
  });

  test('two processes on one store leave the builds of each other alone', async () => {
    const storeDir = await newDir();
    const mine = opened(storeDir);
    const own = mine.history.begin(requestFor('/own'), mine.claim().owner);
    const { child, buildId } = await buildInAnotherProcess(storeDir);
    const third = opened(storeDir);
    expect(third.history.list(all).builds.map(build => build.status)).toEqual([
      'running',
      'running',
    ]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const statuses = Object.fromEntries(
      third.history.list(all).builds.map(build => [build.buildId, build.status]),
    );
    expect(statuses).toEqual({ [own.buildId]: 'running', [buildId]: 'interrupted' });
  });

  test('removes the claims of dead processes when it opens', async () => {
    const storeDir = await newDir();
    const { child } = await buildInAnotherProcess(storeDir);
    const claims = () => readdirSync(path.join(storeDir, 'state/claims'));
    opened(storeDir);
    expect(claims()).toEqual([expect.stringMatching(/^[0-9a-f]{16}.claim$/)]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    opened(storeDir);
    expect(claims()).toEqual([]);
  });

  test('many processes may open a new store at the same time', async () => {
    const storeDir = await newDir();
    const children = await Promise.all(
      Array.from({ length: 4 }, async () => await buildInAnotherProcess(storeDir)),
    );
    const listed = opened(storeDir).history.list(all);
    expect(listed.builds.map(build => build.buildId).toSorted()).toEqual(
      children.map(({ buildId }) => buildId).toSorted(),
    );
    for (const { child } of children) child.kill('SIGKILL');
  });

  test('says which build it does not have', async () => {
    const { history } = opened(await newDir());
    expect(() => history.get('nothing')).toThrow('There is no build nothing on record.');
  });
});
