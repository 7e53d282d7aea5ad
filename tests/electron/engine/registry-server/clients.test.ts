import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeIndex } from '../../../../electron/engine/image/write-image.ts';
import { newDir, newStore } from '../content/helpers.ts';
import { storeImage, windows2022 } from '../image/helpers.ts';
import { serveStore } from './helpers.ts';

const run = promisify(execFile);

async function skopeo(...args: readonly string[]): Promise<string> {
  return (await run('skopeo', [...args])).stdout;
}

test('skopeo inspects, lists and pulls what the store has, and umoci reads what it pulled', async () => {
  const store = await newStore();
  const image = await storeImage(store.blobs, ['a.txt', 'b.txt']);
  for (const tag of ['1', '2']) await store.names.set(`app:${tag}`, image);
  const { registry } = await serveStore({}, store);
  const remote = `docker://${registry.host}/app`;
  const raw = await skopeo('inspect', '--tls-verify=false', '--raw', `${remote}:1`);
  expect(JSON.parse(raw)).toMatchObject({ layers: [{}, {}] });
  const tags = JSON.parse(await skopeo('list-tags', '--tls-verify=false', remote)) as unknown;
  expect(tags).toMatchObject({ Tags: ['1', '2'] });
  const layout = path.join(await newDir(), 'layout');
  const target = `oci:${layout}:app`;
  await skopeo('copy', '--src-tls-verify=false', '--preserve-digests', `${remote}:1`, target);
  const { stdout } = await run('umoci', ['stat', '--image', `${layout}:app`, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ history: [{ layer: {} }, { layer: {} }, {}] });
});

test('skopeo pushes into the store, digests unchanged, and sends nothing that is there', async () => {
  const source = await newStore();
  const image = await storeImage(source.blobs, ['a.txt', 'b.txt']);
  await source.names.set('app:1', image);
  const served = await serveStore({ writable: true });
  const layout = `oci:${source.dir}:docker.io/library/app:1`;
  const remote = `docker://${served.registry.host}/acme/shop:new`;
  await skopeo('copy', '--dest-tls-verify=false', '--preserve-digests', layout, remote);
  const pushed = await served.store.names.resolve('acme/shop:new');
  expect(pushed).toEqual({ ...image, platform: windows2022 });
  // Again: everything is there, nothing is sent.
  const before = served.log.length;
  await skopeo('copy', '--dest-tls-verify=false', '--preserve-digests', layout, remote);
  const received = served.log.slice(before).filter(({ method }) => method !== 'PUT');
  expect(received.reduce((sum, request) => sum + request.received, 0)).toBe(0);
});

test('skopeo pushes an index with all its images, and deletes it', async () => {
  const source = await newStore();
  const images = await Promise.all(
    ['10.0.20348.2700', '10.0.26100.1'].map(version =>
      storeImage(source.blobs, [version], { ...windows2022, 'os.version': version }),
    ),
  );
  const index = await writeIndex(source.blobs, images);
  await source.names.set('app:all', index);
  const served = await serveStore({ writable: true });
  const remote = `docker://${served.registry.host}/app:all`;
  await skopeo(
    'copy',
    '--all',
    '--dest-tls-verify=false',
    '--preserve-digests',
    `oci:${source.dir}:docker.io/library/app:all`,
    remote,
  );
  expect(await served.store.names.list()).toEqual([
    { reference: 'docker.io/library/app:all', descriptor: index },
  ]);
  await skopeo('delete', '--tls-verify=false', remote);
  expect(await served.store.names.list()).toEqual([]);
});
