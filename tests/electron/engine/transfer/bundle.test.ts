import { createServer } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { closeServer, listenOnLoopback } from '../../../support/loopback.ts';
import { collect, failureFrom, newDir } from '../content/helpers.ts';
import {
  expectClean,
  imageOf,
  indexOf,
  newSite,
  randomLayer,
  skopeo,
  type Site,
} from './helpers.ts';

let site: Site;
let other: Site;
let path: string;
beforeEach(async () => {
  site = await newSite();
  other = await newSite();
  path = join(await newDir(), 'bundle.tar');
});

describe('a bundle', () => {
  test('brings images with all their blobs to another store, and skopeo reads it', async () => {
    await imageOf(site.store, [await randomLayer(site.store, 20_000)]);
    await indexOf(site.store, ['10.0.17763.1', '10.0.20348.1']);
    const made = await site.transfers.exportBundle(['app:1', 'multi:1'], path, { foreign: 'skip' });
    expect(made.images.map(({ state }) => state)).toEqual(['complete', 'complete']);
    const report = await other.transfers.importBundle(path, { onEvent: other.onEvent });
    expect(report).toEqual({ ...made, path });
    expect((await other.store.names.list()).map(({ reference }) => reference)).toEqual([
      'docker.io/library/app:1',
      'docker.io/library/multi:1',
    ]);
    await expectClean(other.store);
    const raw = await skopeo('inspect', '--raw', `oci-archive:${path}:docker.io/library/app:1`);
    expect(JSON.parse(raw)).toMatchObject({ schemaVersion: 2 });
  });

  test('tells which image a damaged blob belongs to, and brings in the others', async () => {
    const good = await randomLayer(site.store, 2000);
    const bad = await randomLayer(site.store, 20_000);
    await imageOf(site.store, [good], { name: 'good:1' });
    await imageOf(site.store, [good, bad], { name: 'bad:1' });
    await site.transfers.exportBundle(['good:1', 'bad:1'], path, { foreign: 'skip' });
    const bytes = await readFile(path);
    const content = await collect(site.store.blobs.read(bad.descriptor));
    const at = bytes.indexOf(content.subarray(0, 4000));
    bytes[at + 3000] = (bytes[at + 3000] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const { images } = await other.transfers.importBundle(path);
    expect(images).toMatchObject([
      { reference: 'docker.io/library/good:1', state: 'complete' },
      { reference: 'docker.io/library/bad:1', state: 'incomplete' },
    ]);
    expect(images[1]?.damaged.map(({ digest }) => digest)).toEqual([bad.descriptor.digest]);
    expect((await other.store.names.list()).map(({ reference }) => reference)).toEqual([
      'docker.io/library/good:1',
    ]);
    await expectClean(other.store);
  });

  test('is not made of an image that is not whole', async () => {
    const layer = await randomLayer(site.store, 2000);
    await imageOf(site.store, [layer]);
    await site.store.blobs.delete(layer.descriptor.digest);
    const failure = await failureFrom(
      site.transfers.exportBundle(['app:1'], path, { foreign: 'skip' }),
    );
    expect(failure).toMatchObject({
      code: 'image-incomplete',
      missing: [layer.descriptor.digest],
    });
  });
});

describe('a foreign layer in a bundle', () => {
  let foreign: Descriptor;
  beforeEach(async () => {
    let content: Buffer = Buffer.alloc(0);
    const server = createServer((_, response) => response.end(content));
    const port = await listenOnLoopback(server);
    onTestFinished(() => closeServer(server));
    const layer = await randomLayer(site.store, 20_000, {
      mediaType: mediaTypes.ociForeignLayer,
      urls: [`http://127.0.0.1:${port}/layer`],
    });
    foreign = layer.descriptor;
    content = await collect(site.store.blobs.read(foreign));
    await site.store.blobs.delete(foreign.digest);
    // A registry that does not answer, so that the url is needed.
    await imageOf(site.store, [layer], { name: '127.0.0.1:1/base:1' });
  });
  const bundle = (policy: 'fetch' | 'skip') =>
    site.transfers.exportBundle(['127.0.0.1:1/base:1'], path, { foreign: policy });

  test('is fetched and taken along where it is wanted', async () => {
    expect((await bundle('fetch')).images).toMatchObject([{ state: 'complete' }]);
    await other.transfers.importBundle(path);
    expect(await other.store.blobs.has(foreign)).toBe(true);
  });

  test('is left to its urls else, and told on import', async () => {
    await bundle('skip');
    const { images } = await other.transfers.importBundle(path);
    expect(images).toMatchObject([{ state: 'complete-but-foreign' }]);
    expect(images[0]?.foreignMissing.map(({ digest }) => digest)).toEqual([foreign.digest]);
    expect(await other.store.names.list()).toHaveLength(1);
  });
});
