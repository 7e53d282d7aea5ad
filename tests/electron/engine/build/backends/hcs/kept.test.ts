import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeptSteps } from '../../../../../../electron/engine/build/backends/hcs/debug/kept-steps.ts';
import { createScratchRegister } from '../../../../../../electron/engine/build/backends/hcs/scratch/scratch-register.ts';
import { readImage } from '../../../../../../electron/engine/image/read-image.ts';
import { nanoserver } from '../../build.ts';
import {
  dockerfile,
  hcsBench,
  said,
  scratchesLeft,
  supportOf,
  type HcsBench,
} from './hcs-bench.ts';

const open = (at: HcsBench) =>
  Object.entries(at.doubles.counters()).filter(([, count]) => count !== 0);

describe('a failed step', () => {
  test('that is kept can be looked into, again and again, until it is dropped', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile(
        'ENV COLOUR=green',
        'WORKDIR C:/w',
        'RUN echo half> half.txt && exit 7',
      ),
    });
    await expect(at.build({ run: { keepFailed: true } }, { buildId: 'b1' })).rejects.toMatchObject({
      failure: { code: 'step-failed' },
    });
    expect(open(at)).toEqual([]);
    expect(at.events).toContainEqual(
      expect.objectContaining({ kind: 'step-kept', stepId: '0.3', kept: true }),
    );
    expect(said(at.events, 'note').join('\n')).toContain('layerwright debug b1');
    // The next build sweeps; what was kept stays.
    await expect(at.build({}, { buildId: 'b2' })).rejects.toThrow();

    const kept = createKeptSteps(at.store, async () => supportOf(at.store, at.doubles));
    expect(await kept.list()).toMatchObject([
      { buildId: 'b1', stepId: '0.3', workingDir: 'C:\\w' },
    ]);
    for (const expected of ['half', 'more']) {
      await using session = await kept.open('b1');
      await expect(kept.drop('b1')).rejects.toMatchObject({ failure: { code: 'kept-busy' } });
      const out: string[] = [];
      const listen = (_: string, lines: readonly string[]) => void out.push(...lines);
      expect(await session.run('type half.txt && echo %COLOUR%', listen)).toBe(0);
      expect(out).toEqual([expected, 'green']);
      expect(await session.run('echo more> half.txt', listen)).toBe(0);
      expect(await session.run('cd ..', listen)).toBe(0);
      expect(session.workingDir).toBe('C:\\');
      expect(await session.run('nothing.exe', listen)).not.toBe(0);
      expect((await session.list('w'))?.map(({ name, kind }) => [name, kind])).toEqual([
        ['half.txt', 'file'],
      ]);
    }
    expect(open(at)).toEqual([]);
    await kept.drop('b1');
    expect(await kept.list()).toEqual([]);
    expect(await scratchesLeft(at)).toEqual([]);
    await expect(kept.open('b1')).rejects.toMatchObject({ failure: { code: 'kept-missing' } });
  });

  test('saves the logs of its installers with the build, without what the image had and without secrets', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile(
        'COPY cbs.log C:/Windows/Logs/CBS/CBS.log',
        'RUN --mount=type=secret,id=key,env=KEY ["setup.exe"]',
      ),
      'cbs.log': 'old line\n',
    });
    const temp = 'C:\\Users\\ContainerAdministrator\\AppData\\Local\\Temp';
    at.doubles.script('setup.exe', [
      { mkdir: temp },
      { sleepMs: 400 },
      { write: `${temp}\\dd_setup.log`, text: 'begin\nkey top-secret\nerror 1603\n' },
      { write: 'C:\\Windows\\Logs\\CBS\\CBS.log', text: 'new line\n', append: true },
      { sleepMs: 400 },
      { exit: 1603 },
    ]);
    const filesDir = path.join(at.dir, 'files');
    const request = { run: { secrets: { key: { env: 'KEY' } } } };
    await expect(
      at.build(request, { filesDir, environment: { KEY: 'top-secret' } }),
    ).rejects.toMatchObject({ failure: { message: expect.stringContaining('1603') } });
    const notes = said(at.events, 'note');
    expect(notes).toContain('dd_setup.log: key ***');
    expect(notes).toContain('CBS.log: new line');
    expect(notes.join()).not.toMatch(/old line|top-secret/u);
    const dir = path.join(filesDir, '0.2');
    expect((await readdir(dir)).toSorted()).toEqual(['CBS.log', 'dd_setup.log']);
    expect(await readFile(path.join(dir, 'dd_setup.log'), 'utf8')).toBe(
      'begin\nkey ***\nerror 1603\n',
    );
    expect(at.events).toContainEqual(
      expect.objectContaining({ kind: 'step-kept', kept: false, files: expect.any(Array) }),
    );
  });
});

test('what a crash left is taken down by the next build', async () => {
  await using at = await hcsBench({ Dockerfile: dockerfile('RUN echo once') });
  await at.build({}, { buildId: 'before' });
  const register = createScratchRegister(at.store.dir);
  const { host, chains } = supportOf(at.store, at.doubles).open();
  const base = await readImage(at.store.blobs, await at.store.names.resolve(nanoserver));
  const { layerDirsNearestFirst } = await chains.materialize(base.layersBaseFirst);
  {
    await using claim = await register.claim('crashed-0-1');
    if (!claim) throw new Error('it is taken');
    const { dir, systemId } = claim.place;
    await host.scratches.open(dir, layerDirsNearestFirst, { activate: true });
    await host.networks.attach(systemId, undefined);
    at.doubles.leaveSystem(systemId, 'layerwright');
    at.doubles.leaveSystem('layerwright-00000000-other-store-0-1', 'layerwright');
  }
  expect(await scratchesLeft(at)).toEqual(['crashed-0-1', 'crashed-0-1.lease.sqlite']);
  await at.build({ noCache: true }, { buildId: 'after' });
  expect(await scratchesLeft(at)).toEqual([]);
  // The system of another store is none of ours.
  expect(open(at)).toEqual([['systems', 1]]);
});
