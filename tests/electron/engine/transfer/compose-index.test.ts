import { beforeEach, describe, expect, test } from 'vitest';
import { readIndex } from '../../../../electron/engine/image/read-image.ts';
import { writeImage } from '../../../../electron/engine/image/write-image.ts';
import { emptyImage } from '../../../../shared/oci/image.ts';
import { startDockerRegistry } from '../../../support/docker-registry.ts';
import { failureFrom } from '../content/helpers.ts';
import { imageOf, indexOf, newSite, randomLayer, skopeo, windows, type Site } from './helpers.ts';

let site: Site;
beforeEach(async () => {
  site = await newSite();
});

async function image(name: string, version: string, architecture?: string): Promise<void> {
  const platform = windows(version, architecture);
  await imageOf(site.store, [await randomLayer(site.store, 1000)], { name, platform });
}
const compose = (...images: string[]) =>
  site.transfers.composeIndex({ name: 'acme/app:1', images });

describe('an index of several Windows images', () => {
  test('has the platforms that the configs say, the newest first', async () => {
    await image('old:1', '10.0.17763.6189');
    await image('new:1', '10.0.26100.4061');
    const { descriptor, name } = await compose('old:1', 'new:1');
    expect(name).toBe('docker.io/acme/app:1');
    const { manifests } = await readIndex(site.store.blobs, descriptor);
    expect(manifests.map(({ platform }) => platform)).toEqual([
      windows('10.0.26100.4061'),
      windows('10.0.17763.6189'),
    ]);
    expect(await site.store.names.resolve('acme/app:1')).toMatchObject({
      digest: descriptor.digest,
    });
  });

  test('takes the images of another index in', async () => {
    await indexOf(site.store, ['10.0.17763.1', '10.0.20348.1']);
    await image('new:1', '10.0.26100.4061');
    expect((await compose('multi:1', 'new:1')).entries).toHaveLength(3);
  });

  test('takes images from a registry, and is pushed there for every host', async () => {
    await using registry = await startDockerRegistry();
    await image('old:1', '10.0.17763.6189');
    const other = await newSite();
    const layer = await randomLayer(other.store, 1000);
    const platform = windows('10.0.26100.4061');
    await imageOf(other.store, [layer], { name: 'new:1', platform });
    await other.transfers.push({ image: 'new:1', target: `${registry.host}/new:1` });
    await compose('old:1', `${registry.host}/new:1`);
    const target = `${registry.host}/app:1`;
    await site.transfers.push({ image: 'acme/app:1', target });
    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${target}`);
    expect(JSON.parse(raw)).toMatchObject({ manifests: [{ platform }, {}] });
  });

  test.each([
    ['two of one architecture and version', ['a:1', 'b:1'], 'so is a:1'],
    ['one for another system', ['a:1', 'linux:1'], 'not for Windows'],
    ['one without os.version', ['a:1', 'bare:1'], 'no os.version'],
  ])('refuses %s', async (_, images, problem) => {
    await image('a:1', '10.0.20348.1');
    await image('b:1', '10.0.20348.1');
    for (const [name, os] of [
      ['linux:1', 'linux'],
      ['bare:1', 'windows'],
    ] as const) {
      const bare = await writeImage(site.store.blobs, emptyImage({ os, architecture: 'amd64' }));
      await site.store.names.set(name, bare);
    }
    const failure = await failureFrom(compose(...images));
    expect(failure).toMatchObject({ code: 'index-refused', image: images[1] });
    expect(failure.code === 'index-refused' && failure.problem).toContain(problem);
    expect((await failureFrom(site.store.names.resolve('acme/app:1'))).code).toBe('image-missing');
  });

  test('takes the same version for two architectures', async () => {
    await image('a:1', '10.0.20348.1');
    await image('b:1', '10.0.20348.1', 'arm64');
    expect((await compose('a:1', 'b:1')).entries).toHaveLength(2);
  });
});
