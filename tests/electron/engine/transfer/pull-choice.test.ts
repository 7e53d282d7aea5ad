import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { imageSizes } from '../../../../electron/engine/content/image-sizes.ts';
import { listImages } from '../../../../electron/engine/image/select-image.ts';
import type { PullOptions } from '../../../../electron/engine/transfer/transfers.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../support/docker-registry.ts';
import { failureFrom } from '../content/helpers.ts';
import {
  anyWindows,
  expectClean,
  imageOf,
  indexOf,
  lastingSite,
  linux,
  newSite,
  randomLayer,
  server2022,
  skopeo,
  windows,
  type Site,
} from './helpers.ts';

let registry: DockerRegistry;
let source: Site & AsyncDisposable;
let site: Site;
const ref = (name: string) => `${registry.host}/${name}`;

beforeAll(async () => {
  registry = await startDockerRegistry();
  source = await lastingSite();
  return async () => {
    await source[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  };
});
beforeEach(async () => {
  site = await newSite();
});

describe('an index', () => {
  const versions = ['10.0.17763.6189', '10.0.20348.2700', '10.0.26100.4061'];
  let index: Descriptor;
  beforeAll(async () => {
    index = await indexOf(source.store, versions);
    await source.transfers.push({ image: 'multi:1', target: `${registry.host}/multi:1` });
  });
  const pull = (choice: PullOptions['choice']) =>
    site.transfers.pull(ref('multi:1'), { choice, onEvent: site.onEvent });
  const held = async () => {
    const found = await listImages(
      site.store.blobs,
      await site.store.names.resolve(ref('multi:1')),
    );
    return found.map(({ platform }) => platform['os.version']);
  };

  test('gives a Windows host the image of its build, and says why not the others', async () => {
    const result = await pull({ kind: 'host', host: server2022, architecture: 'amd64' });
    expect(result.descriptor.digest).toBe(index.digest);
    expect(result.images).toMatchObject([{ platform: 'windows(10.0.20348.2700)/amd64' }]);
    expect(result.considered.map(({ chosen }) => chosen)).toEqual([false, true, false]);
    expect(result.considered[2]?.reason).toContain('newer than this host');
  });

  test('gives other hosts the newest image, or what the platform says', async () => {
    await pull(anyWindows);
    expect(await held()).toEqual(['10.0.26100.4061']);
    await pull({ kind: 'platform', platform: windows('10.0.17763'), host: linux });
    expect(await held()).toEqual(['10.0.17763.6189', '10.0.26100.4061']);
    const [kept] = await imageSizes(site.store);
    expect(kept?.missing).toEqual([]);
    await expectClean(site.store);
  });

  test('is pulled with all images, and pushed elsewhere with all', async () => {
    const { images } = await pull({ kind: 'all' });
    expect(images).toHaveLength(3);
    const target = `${registry.host}/elsewhere/multi:2`;
    const { descriptor } = await site.transfers.push({ image: ref('multi:1'), target });
    expect(descriptor.digest).toBe(index.digest);
    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${target}`);
    expect(JSON.parse(raw)).toMatchObject({ manifests: [{}, {}, {}] });
  });

  test('of which a part was pulled is not pushed, and one image of it is', async () => {
    await pull(anyWindows);
    const target = `${registry.host}/part/multi:1`;
    const failure = await failureFrom(site.transfers.push({ image: ref('multi:1'), target }));
    expect(failure).toMatchObject({
      code: 'image-incomplete',
      missing: versions.slice(0, 2).map(version => `the image for windows(${version})/amd64`),
    });
    const platform = windows('10.0.26100');
    const { descriptor } = await site.transfers.push({ image: ref('multi:1'), target, platform });
    expect(descriptor.mediaType).toBe(mediaTypes.ociManifest);
  });

  test('without a fitting image is refused with what there is and what would work', async () => {
    const choice = { kind: 'platform', platform: windows('10.0.14393'), host: server2022 } as const;
    const failure = await failureFrom(pull(choice));
    expect(failure).toMatchObject({
      code: 'no-image-fits',
      wanted: 'windows(10.0.14393)/amd64',
      offered: versions.map(version => ({ platform: `windows(${version})/amd64` })),
      alternatives: versions.slice(0, 2).map(version => `windows(${version})/amd64`),
    });
    await expectClean(site.store);
  });
});

describe('a foreign layer', () => {
  let foreign: Descriptor;
  beforeAll(async () => {
    const layer = await randomLayer(source.store, 40_000, {
      mediaType: mediaTypes.ociForeignLayer,
      urls: [`${registry.url}/v2/files/blobs/nowhere`],
    });
    const { mediaType: _, urls: _urls, ...blob } = layer.descriptor;
    const plain = { ...layer, descriptor: { ...blob, mediaType: mediaTypes.ociLayer } };
    await imageOf(source.store, [plain], { name: 'files:1' });
    await source.transfers.push({ image: 'files:1', target: `${registry.host}/files:1` });
    foreign = {
      ...layer.descriptor,
      urls: ['nowhere', layer.descriptor.digest].map(
        name => `${registry.url}/v2/files/blobs/${name}`,
      ),
    };
    await imageOf(source.store, [{ ...layer, descriptor: foreign }], { name: 'base:1' });
    await source.transfers.push({ image: 'base:1', target: `${registry.host}/base:1` });
  });
  const pull = (policy: NonNullable<PullOptions['foreign']>) =>
    site.transfers.pull(ref('base:1'), {
      choice: anyWindows,
      foreign: policy,
      onEvent: site.onEvent,
    });

  test('is looked for in the registry, then at its urls in turn', async () => {
    await pull('urls');
    expect(await site.store.blobs.has(foreign)).toBe(true);
    expect(site.events).toContainEqual(
      expect.objectContaining({ digest: foreign.digest, outcome: 'downloaded-from-url' }),
    );
  });

  test('is left out where policy says so', async () => {
    expect((await pull('skip')).skipped.map(({ digest }) => digest)).toEqual([foreign.digest]);
    await expectClean(site.store);
  });

  test('is asked of the registry only, where policy says so', async () => {
    expect(await failureFrom(pull('registry'))).toMatchObject({ code: 'registry-not-found' });
  });

  test('that nobody has is refused with all the places', async () => {
    const lost = { ...foreign, urls: [`${registry.url}/v2/files/blobs/nowhere`] };
    await imageOf(source.store, [{ descriptor: lost, diffId: foreign.digest }], { name: 'lost:1' });
    await source.transfers.push({ image: 'lost:1', target: `${registry.host}/lost:1` });
    const choice = anyWindows;
    const failure = await failureFrom(site.transfers.pull(ref('lost:1'), { choice }));
    expect(failure).toMatchObject({
      code: 'foreign-unavailable',
      tried: [{ place: ref('lost') }, { place: lost.urls[0] }],
    });
  });
});
