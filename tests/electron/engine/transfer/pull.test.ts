import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../electron/engine/content/store.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import type { PullOptions } from '../../../../electron/engine/transfer/transfers.ts';
import type { TransferEvent } from '../../../../shared/ipc/transfer-events.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../support/docker-registry.ts';
import { startFaultyRegistry, type FaultyRegistry } from '../../../support/faulty-registry.ts';
import { failureFrom } from '../content/helpers.ts';
import {
  anyWindows,
  expectClean,
  imageOf,
  lastingSite,
  newSite,
  randomLayer,
  skopeo,
  type Site,
} from './helpers.ts';

const layerSize = 3_000_000;
let registry: DockerRegistry;
let source: Site & AsyncDisposable;
let faulty: FaultyRegistry;
let site: Site;
let ref: (name: string) => string;

let image: Descriptor;
let layers: readonly Descriptor[];
beforeAll(async () => {
  registry = await startDockerRegistry();
  source = await lastingSite();
  const { store } = source;
  const made = [await randomLayer(store, layerSize), await randomLayer(store, 50_000)];
  layers = made.map(({ descriptor }) => descriptor);
  image = await imageOf(store, made);
  await source.transfers.push({ image: 'app:1', target: `${registry.host}/team/app:1` });
  return async () => {
    await source[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  };
});
beforeEach(async () => {
  faulty = await startFaultyRegistry(registry.url);
  onTestFinished(() => faulty[Symbol.asyncDispose]());
  site = await newSite();
  ref = name => `${faulty.host}/${name}`;
});

const pull = (options: Partial<PullOptions> = {}, at = site) =>
  at.transfers.pull(ref('team/app:1'), { choice: anyWindows, onEvent: at.onEvent, ...options });
/** The requests for the large layer. */
const largePath = () => new RegExp(`blobs/${layers[0]?.digest}`);
/** Bytes of the large layer that were sent. */
const sent = () =>
  faulty.log
    .filter(({ path }) => largePath().test(path))
    .reduce((bytes, request) => bytes + request.sent, 0);

describe('an image in a registry', () => {
  test('is pulled under its digest, and skopeo copies it out of the store', async () => {
    const result = await pull();
    expect(result).toMatchObject({
      reference: ref('team/app:1'),
      descriptor: { digest: image.digest },
      upToDate: false,
      skipped: [],
    });
    expect(await source.store.names.resolve('app:1')).toMatchObject({ digest: image.digest });
    const copy = join(site.store.dir, '..', 'copy');
    await skopeo('copy', `oci:${site.store.dir}:${ref('team/app:1')}`, `oci:${copy}:x`);
    await expectClean(site.store);
    expect(site.events.at(-1)).toMatchObject({ kind: 'blob', state: 'done' });
  });

  test('costs one HEAD the second time', async () => {
    await pull();
    const before = faulty.log.length;
    expect(await pull()).toMatchObject({ upToDate: true, fetchedBytes: 0 });
    expect(faulty.log.slice(before).map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('is pulled without the layers that the store has', async () => {
    const [large] = layers;
    if (large) await site.store.blobs.write(large, source.store.blobs.read(large));
    expect((await pull()).fetchedBytes).toBeLessThan(layerSize / 2);
    expect(sent()).toBe(0);
  });

  test('goes on where the connection was cut', async () => {
    faulty.order({
      fault: { kind: 'cut', afterBytes: 1_500_000 },
      path: largePath(),
      method: 'GET',
    });
    await pull();
    await expectClean(site.store);
    expect(sent()).toBeLessThan(layerSize * 1.02 + 100_000);
    expect(site.events.some(event => event.kind === 'note')).toBe(true);
  });

  test('goes on behind a stall', async () => {
    faulty.order({
      fault: { kind: 'stall', afterBytes: 1_000_000 },
      path: largePath(),
      method: 'GET',
    });
    await pull();
    expect(sent()).toBeLessThan(layerSize * 1.02 + 100_000);
  });

  test('goes on in the next run after a cancel, from what was kept', async () => {
    const controller = new AbortController();
    const options = {
      signal: controller.signal,
      onEvent: (event: { kind: string; current?: number }) => {
        if (event.kind === 'blob' && (event.current ?? 0) > 1_000_000) controller.abort();
      },
    };
    faulty.order({
      fault: { kind: 'trickle', bytes: 200_000, milliseconds: 20 },
      path: largePath(),
    });
    expect(await failureFrom(pull(options))).toEqual({ code: 'cancelled' });
    await expectClean(site.store);
    expect(await site.store.names.list()).toEqual([]);
    faulty.behave();
    const again = await newSite(await openStore(site.store.dir));
    await pull({}, again);
    const resumed = again.events.find(event => event.kind === 'blob' && event.resumedFrom);
    expect(resumed).toMatchObject({ resumedFrom: expect.any(Number) });
    expect(sent()).toBeLessThan(layerSize * 1.2);
    await expectClean(site.store);
  });

  test('is resumed after a kill with less than one percent fetched again', async () => {
    faulty.order({
      fault: { kind: 'trickle', bytes: 100_000, milliseconds: 20 },
      path: largePath(),
    });
    const child = fork(join(import.meta.dirname, 'puller.ts'), [site.store.dir, ref('team/app:1')]);
    await new Promise(resolve => child.once('message', resolve));
    child.kill('SIGKILL');
    await new Promise(resolve => child.once('exit', resolve));
    faulty.behave();
    const again = await newSite(await openStore(site.store.dir));
    const { fetchedBytes } = await pull({}, again);
    const event = again.events.find(each => each.kind === 'blob' && each.resumedFrom);
    const kept = event?.kind === 'blob' ? (event.resumedFrom ?? 0) : 0;
    expect(kept).toBeGreaterThan(1_000_000);
    const total = layers.reduce((sum, { size }) => sum + size, 0);
    expect(fetchedBytes).toBeLessThan(total - kept + total / 100);
    await expectClean(site.store);
  });

  test('is fetched anew where the kept part was damaged', async () => {
    const [large] = layers;
    if (!large) throw new Error('no layer');
    await pull();
    await site.store.blobs.delete(large.digest);
    const path = join(site.store.dir, 'downloads', large.digest.slice(7));
    await writeFile(path, Buffer.alloc(1_000_000, 'x'));
    await pull();
    await expectClean(site.store);
    expect(await site.store.blobs.has(large)).toBe(true);
  });

  test('is downloaded once for two who pull it at the same time, in one process or two', async () => {
    const other = await newSite(await openStore(site.store.dir));
    await Promise.all([pull(), pull(), pull({}, other)]);
    expect(sent()).toBe(layers[0]?.size);
    await expectClean(site.store);
  });

  test('is the image that the tag named at first, though the tag moves', async () => {
    const target = `${registry.host}/team/moving:1`;
    const layer = await randomLayer(source.store, 1000);
    const second = await imageOf(source.store, [layer], { name: 'app:2' });
    await source.transfers.push({ image: 'app:1', target });
    let moved: Promise<unknown> | undefined;
    const result = await site.transfers.pull(ref('team/moving:1'), {
      choice: anyWindows,
      onEvent(event) {
        if (event.kind === 'resolved') moved = source.transfers.push({ image: 'app:2', target });
      },
    });
    await moved;
    expect(result.descriptor.digest).toBe(image.digest);
    const later = await site.transfers.pull(ref('team/moving:1'), { choice: anyWindows });
    expect(later.descriptor.digest).toBe(second.digest);
  });

  test('is indexed behind its download, also where that goes on with what was kept', async () => {
    faulty.order({
      fault: { kind: 'trickle', bytes: 200_000, milliseconds: 10 },
      path: largePath(),
    });
    const controller = new AbortController();
    const stop = (event: TransferEvent) => {
      if (event.kind === 'blob' && event.current > 1_500_000) controller.abort();
    };
    const first = pull({ indexLayers: true, signal: controller.signal, onEvent: stop });
    expect(await failureFrom(first)).toEqual({ code: 'cancelled' });
    faulty.behave();
    await pull({ indexLayers: true });
    const states = site.events.flatMap(event => (event.kind === 'blob' ? [event.state] : []));
    expect(states).toContain('indexing');
    const indexes = createLayerIndexes(site.store.dir, site.store.blobs);
    for (const { digest } of layers) {
      // The layers are not packed, so digest and diff ID are the same.
      expect((await indexes.peek(digest))?.count).toBe(2);
    }
  });
});
