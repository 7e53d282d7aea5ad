import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestHex, type Digest } from '../../../../../shared/oci/digest.ts';
import { chainIds, type ImageLayer } from '../../../../../shared/oci/layer-chain.ts';
import { digestOf } from '../../../../../electron/engine/content/verified.ts';
import { tryLock } from '../../../../../electron/engine/content/store-lock.ts';
import {
  dir,
  failureCode,
  file,
  hardLink,
  stream,
  whiteout,
  type Planned,
} from '../../layer/support.ts';
import { chainHoldings } from '../../../../../electron/engine/hcs/chain/chain-holdings.ts';
import { createMortalHost, Killed } from './mortal-host.ts';
import { createBench, type Bench } from './support.ts';

const boot = 'UtilityVM/Files/EFI/Microsoft/Boot';
const base: readonly Planned[] = [
  dir('Files'),
  file('Files/kept', 'kept'),
  stream('Files/kept', 'note', 'n'),
  dir('UtilityVM'),
  dir('UtilityVM/Files'),
  dir('UtilityVM/Files/EFI'),
  dir('UtilityVM/Files/EFI/Microsoft'),
  dir(boot),
  file(`${boot}/BCD`, 'store'),
  file(`${boot}/bootmgfw.efi`, 'MZ'),
];
const step: readonly Planned[] = [
  dir('Files'),
  file('Files/new', 'new'),
  hardLink('Files/twin', 'Files/kept'),
  whiteout('Files/gone'),
  dir('UtilityVM'),
  dir('UtilityVM/Files'),
  whiteout(`${boot}/bootmgfw.efi`),
];

async function twoLayers({ layer }: Bench): Promise<readonly ImageLayer[]> {
  return [await layer(base), await layer(step)];
}

describe('after a kill', () => {
  test('between any two calls of Windows, the next start sweeps what is half made and makes it', async () => {
    const bench = await createBench();
    const { host, open, folders, chains } = bench;
    const layers = await twoLayers(bench);
    const whole = createMortalHost(host, Infinity);
    await open(whole).materialize(layers);
    const expected = await folders();
    for (let deadAt = 0; deadAt < whole.calls(); deadAt += 1) {
      await chains.prune(new Set());
      const dead = createMortalHost(host, deadAt);
      await expect(open(dead).materialize(layers)).rejects.toThrow(Killed);
      const swept = await chains.sweep();
      const left = await chains.list();
      expect(await folders(), `killed at call ${deadAt}`).toEqual(
        left.map(link => digestHex(link.chainId)).toSorted(),
      );
      expect(swept.length + left.length).toBeLessThanOrEqual(2);
      // Making it again takes long.
      if (deadAt % 16 !== 0) continue;
      await chains.materialize(layers);
      expect(await folders()).toEqual(expected);
    }
    expect(await bench.scratch()).toEqual([]);
  });

  test.each([
    ['has nothing in it', []],
    ['says what it is, but not that it is whole', ['layerwright.json']],
    ['was about to say that it is whole', ['layerwright.json', 'layerchain.json.new']],
  ])('a folder that %s is swept', async (_, names) => {
    const bench = await createBench();
    const { chains, folders, store } = bench;
    const layers = await twoLayers(bench);
    const { layerDirsNearestFirst } = await chains.materialize(layers);
    const [own = ''] = layerDirsNearestFirst;
    const facts = await readFile(path.join(own, 'layerwright.json'));
    await chains.prune(new Set());
    await mkdir(own, { recursive: true });
    for (const name of names) await writeFile(path.join(own, name), facts);
    expect(await chains.list()).toEqual([]);
    expect(await chains.sweep()).toEqual([own]);
    expect(await folders()).toEqual([]);
    expect(store.dir).toBe(path.resolve(own, '../../..'));
  });

  test('the folder of a process that lives is left alone', async () => {
    const bench = await createBench();
    const { chains, folders } = bench;
    const { layerDirsNearestFirst } = await chains.materialize(await twoLayers(bench));
    const [own = ''] = layerDirsNearestFirst;
    await chains.prune(new Set());
    await mkdir(own);
    using held = tryLock(`${own}.lock`, ['BEGIN EXCLUSIVE']);
    expect(held).toBeDefined();
    expect(await chains.sweep()).toEqual([]);
    expect(await folders()).toEqual([path.basename(own)]);
  });
});

test('a call of Windows that fails leaves nothing, whichever it is', async () => {
  const bench = await createBench();
  const { host, folders, scratch, chains, open } = bench;
  const layers = await twoLayers(bench);
  for (const verb of ['importLayer', 'processBaseLayer', 'processUtilityVm'] as const) {
    await chains.prune(new Set());
    const failing = { ...host.layers, [verb]: () => Promise.reject(new Error(`no ${verb}`)) };
    const broken = open({ files: host.files, layers: failing });
    await expect(broken.materialize(layers)).rejects.toThrow(`no ${verb}`);
    const whole = (await chains.list()).map(link => digestHex(link.chainId)).toSorted();
    expect(await folders()).toEqual(whole);
    expect(await scratch()).toEqual([]);
  }
});

describe('a cancel', () => {
  test('at any moment leaves nothing of the layer that was being made', async () => {
    const bench = await createBench();
    const { chains, folders, scratch } = bench;
    const layers = await twoLayers(bench);
    let events = 0;
    await chains.materialize(layers, { onProgress: () => (events += 1) });
    for (let stopAt = 1; stopAt <= events; stopAt += 1) {
      await chains.prune(new Set());
      const controller = new AbortController();
      let seen = 0;
      const onProgress = () => {
        seen += 1;
        if (seen === stopAt) controller.abort();
      };
      const work = chains.materialize(layers, { onProgress, signal: controller.signal });
      await expect(work).rejects.toMatchObject(failureCode('cancelled'));
      const whole = (await chains.list()).map(link => digestHex(link.chainId)).toSorted();
      expect(await folders(), `stopped at event ${stopAt}`).toEqual(whole);
      expect(await scratch()).toEqual([]);
    }
  });

  test('does not stop what somebody else waits for', async () => {
    const bench = await createBench();
    const { chains, host } = bench;
    const layers = await twoLayers(bench);
    const controller = new AbortController();
    const first = chains.materialize(layers, {
      signal: controller.signal,
      onProgress: ({ phase }) => phase === 'unpack' && controller.abort(),
    });
    const second = chains.materialize(layers);
    await expect(first).rejects.toMatchObject(failureCode('cancelled'));
    expect((await second).layerDirsNearestFirst).toHaveLength(2);
    const done = host.calls.filter(call => !call.startsWith('destroy'));
    expect(done.map(call => call.split(' ')[0])).toEqual([
      'process-base',
      'process-vm',
      'import',
      'process-vm',
    ]);
  });
});

describe('links on disk', () => {
  async function threeChains(bench: Bench) {
    const [below, over] = await twoLayers(bench);
    const other = await bench.layer([dir('Files'), file('Files/other', 'other')]);
    if (!below || !over) throw new Error('there are two');
    await bench.chains.materialize([below, over]);
    await bench.chains.materialize([below, other]);
    const ids = (...layers: readonly ImageLayer[]) =>
      chainIds(
        layers.map(({ diffId }) => diffId),
        digestOf,
      ).at(-1) as Digest;
    return { below: ids(below), over: ids(below, over), other: ids(below, other) };
  }

  test('are listed with their parents first', async () => {
    const bench = await createBench();
    const { below, over, other } = await threeChains(bench);
    const links = await bench.chains.list();
    expect(links[0]).toMatchObject({ chainId: below, bytes: expect.any(Number) });
    expect(links[0]).not.toHaveProperty('parentChainId');
    expect(links.slice(1).map(link => [link.chainId, link.parentChainId])).toEqual(
      expect.arrayContaining([
        [over, below],
        [other, below],
      ]),
    );
  });

  test('are destroyed children first, but for what is kept and what that stands on', async () => {
    const bench = await createBench();
    const { below, over, other } = await threeChains(bench);
    const { chains, host } = bench;
    host.calls.length = 0;
    const pruned = await chains.prune(new Set([over]));
    expect(pruned.map(({ chainId }) => chainId)).toEqual([other]);
    await chains.prune(new Set());
    expect(host.calls).toEqual(
      [other, over, below].map(chainId => `destroy ${digestHex(chainId).slice(0, 8)}`),
    );
    expect(await readdir(path.join(bench.store.dir, 'windows/chains'))).toEqual([]);
  });

  test('of which one cannot be destroyed are swept at the next start', async () => {
    const bench = await createBench();
    const { over } = await threeChains(bench);
    const { chains, host, open } = bench;
    const failing = { ...host.layers, destroyLayer: () => Promise.reject(new Error('in use')) };
    const broken = open({ files: host.files, layers: failing });
    await expect(broken.prune(new Set([over]))).rejects.toThrow('in use');
    expect(await chains.sweep()).toHaveLength(1);
    expect((await chains.list()).map(({ chainId }) => chainId)).toContain(over);
  });

  test('count as used when somebody asks for them, lower ones later than upper ones', async () => {
    const bench = await createBench();
    const layers = await twoLayers(bench);
    const start = Date.now();
    await bench.chains.materialize(layers);
    const [below, over] = await bench.chains.list();
    expect(below?.lastUsedAt).toBeGreaterThan(over?.lastUsedAt ?? 0);
    expect(over?.lastUsedAt).toBeGreaterThanOrEqual(start);
    await expect
      .poll(async () => {
        await bench.chains.materialize(layers.slice(0, 1));
        return (await bench.chains.list())[0]?.lastUsedAt ?? 0;
      })
      .toBeGreaterThan(below?.lastUsedAt ?? 0);
    expect((await bench.chains.list())[1]?.lastUsedAt).toBe(over?.lastUsedAt);
  });

  test('are told of as what takes room, and go with what stands on them unless it is kept', async () => {
    const bench = await createBench();
    const { below, over, other } = await threeChains(bench);
    let kept: readonly Digest[] = [];
    const holdings = chainHoldings(bench.chains, () => Promise.resolve(kept));
    const listed = await holdings.list();
    expect(listed.map(({ holdingId }) => holdingId)).toEqual(
      expect.arrayContaining([below, over, other]),
    );
    expect(listed[0]).toMatchObject({ kind: 'windows', derivedFrom: below });
    await holdings.remove(listed.filter(({ holdingId }) => holdingId === over));
    expect((await bench.chains.list()).map(({ chainId }) => chainId)).toEqual([below, other]);
    kept = [other];
    expect((await holdings.list()).map(holding => holding.kept)).toEqual(['in-use', 'in-use']);
    await holdings.remove(listed.filter(({ holdingId }) => holdingId === below));
    expect(await bench.folders()).toHaveLength(2);
    kept = [];
    await holdings.remove(listed.filter(({ holdingId }) => holdingId === below));
    expect(await bench.folders()).toEqual([]);
  });
});

test('an export is adopted only onto a chain that is there, and is used up anyway', async () => {
  const { chains, store } = await createBench();
  const stagedDir = await store.newScratchPath();
  await mkdir(stagedDir);
  const digest = digestOf('nothing');
  const work = chains.adopt({ stagedDir, parentChainId: digest, diffId: digest });
  await expect(work).rejects.toMatchObject(failureCode('chain-missing', { chainId: digest }));
  await expect(readFile(stagedDir)).rejects.toThrow('ENOENT');
});
