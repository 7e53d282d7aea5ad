import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../support/docker-registry.ts';
import { startFaultyRegistry, type FaultyRegistry } from '../../../support/faulty-registry.ts';
import { failureFrom } from '../content/helpers.ts';
import {
  anyWindows,
  expectClean,
  imageOf,
  indexOf,
  newSite,
  randomLayer,
  skopeo,
  type Site,
} from './helpers.ts';

let registry: DockerRegistry;
let faulty: FaultyRegistry;
let site: Site;
let repository: string;
let count = 0;

beforeAll(async () => {
  registry = await startDockerRegistry();
  return () => registry[Symbol.asyncDispose]();
});
beforeEach(async () => {
  faulty = await startFaultyRegistry(registry.url);
  onTestFinished(() => faulty[Symbol.asyncDispose]());
  site = await newSite();
  repository = `${faulty.host}/test/n${(count += 1)}`;
});
const methods = () => faulty.log.map(({ method }) => method);
const push = (target = `${repository}:1`, image = 'app:1') =>
  site.transfers.push({ image, target }, { onEvent: site.onEvent });

describe('a push', () => {
  beforeEach(async () => {
    await imageOf(site.store, [
      await randomLayer(site.store, 5_000_000),
      await randomLayer(site.store, 30_000),
    ]);
  });

  test('is read by skopeo, to the same digest', async () => {
    const { descriptor } = await push();
    const copy = join(site.store.dir, '..', 'copy');
    const from = `docker://${repository}:1`;
    await skopeo('copy', '--src-tls-verify=false', from, `oci:${copy}:x`);
    const seen = await skopeo('inspect', '--tls-verify=false', '-f', '{{.Digest}}', from);
    expect(seen.trim()).toBe(descriptor.digest);
  });

  test('that is only planned sends nothing and says what would be sent', async () => {
    const plan = await site.transfers.planPush({ image: 'app:1', target: `${repository}:1` });
    expect(plan.blobs.map(({ action }) => action)).toEqual(['upload', 'upload', 'upload']);
    expect(plan.uploadBytes).toBeGreaterThan(5_000_000);
    expect(new Set(methods().filter(method => method !== 'GET'))).toEqual(new Set(['HEAD']));
    expect(plan.replaces).toBeUndefined();
  });

  test('sends nothing the second time', async () => {
    await push();
    const before = faulty.log.length;
    expect((await push()).sentBytes).toBe(0);
    expect(new Set(methods().slice(before))).toEqual(new Set(['HEAD']));
  });

  test('mounts what another repository of the registry has', async () => {
    await push();
    const { outcomes } = await push(`${repository}-copy:1`);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['mounted', 'mounted', 'mounted']);
  });

  test('mounts the layers of a base that was pulled', async () => {
    await push();
    const other = await newSite();
    await other.transfers.pull(`${repository}:1`, { choice: anyWindows });
    const base = await readImage(
      other.store.blobs,
      await other.store.names.resolve(`${repository}:1`),
    );
    const top = await randomLayer(other.store, 1000);
    await imageOf(other.store, [...base.layersBaseFirst, top], { name: 'mine:1' });
    const target = `${faulty.host}/test/mine${count}:1`;
    const { outcomes } = await other.transfers.push({ image: 'mine:1', target });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'uploaded',
      'mounted',
      'mounted',
      'uploaded',
    ]);
  });

  test('uploads where a mount is refused', async () => {
    await push();
    faulty.order({
      fault: { kind: 'status', status: 404, code: 'BLOB_UNKNOWN' },
      path: /mount=/,
      times: Infinity,
    });
    const answered = await push(`${repository}-copy:1`).catch(() => undefined);
    // Some registries answer a mount that they refuse with an upload, others with an error.
    expect(answered?.outcomes.map(({ outcome }) => outcome) ?? ['uploaded']).toContain('uploaded');
  });

  test('goes on behind a cut of the upload', async () => {
    faulty.order({
      fault: { kind: 'cut-request', afterBytes: 2_000_000 },
      path: /uploads/,
      method: 'PATCH',
    });
    const { descriptor } = await push();
    const other = await newSite();
    const pulled = await other.transfers.pull(`${repository}:1`, { choice: anyWindows });
    expect(pulled.descriptor.digest).toBe(descriptor.digest);
    await expectClean(other.store);
  });

  test('that fails or is cancelled never sets the tag', async () => {
    faulty.order({
      fault: { kind: 'status', status: 403, code: 'DENIED', message: 'no' },
      path: /uploads/,
      times: Infinity,
    });
    expect((await failureFrom(push())).code).toBe('registry-denied');
    faulty.behave();
    const controller = new AbortController();
    const cancelled = site.transfers.push(
      { image: 'app:1', target: `${repository}:1` },
      {
        signal: controller.signal,
        onEvent: event => {
          if (event.kind === 'blob' && event.state === 'uploading') controller.abort();
        },
      },
    );
    expect(await failureFrom(cancelled)).toEqual({ code: 'cancelled' });
    const choice = anyWindows;
    const missing = await failureFrom(site.transfers.pull(`${repository}:1`, { choice }));
    expect(missing.code).toBe('registry-not-found');
  });

  test('of an image whose layer is gone is refused before anything is sent', async () => {
    const { manifest } = await readImage(site.store.blobs, await site.store.names.resolve('app:1'));
    const [layer] = manifest.layers;
    if (layer) await site.store.blobs.delete(layer.digest);
    expect(await failureFrom(push())).toMatchObject({
      code: 'image-incomplete',
      missing: [`the layer ${layer?.digest}`],
    });
    expect(faulty.log).toEqual([]);
  });

  test('needs a name for the registry', async () => {
    const { digest } = await site.store.names.resolve('app:1');
    const failure = await failureFrom(site.transfers.push({ image: digest }));
    expect(failure).toMatchObject({ code: 'bad-request', field: 'target' });
  });
});

test('the children of an index are pushed before it', async () => {
  const { digest } = await indexOf(site.store, ['10.0.17763.1', '10.0.20348.1']);
  await push(`${repository}:1`, 'multi:1');
  const puts = faulty.log.filter(
    ({ method, path }) => method === 'PUT' && path.includes('/manifests/'),
  );
  expect(puts.map(({ path }) => path.endsWith('/manifests/1'))).toEqual([false, false, true]);
  const seen = await skopeo('inspect', '--tls-verify=false', '--raw', `docker://${repository}:1`);
  expect(JSON.parse(seen)).toMatchObject({ mediaType: mediaTypes.ociIndex });
  expect(digest).toContain('sha256:');
});

describe('a foreign layer', () => {
  const urls = ['https://example.invalid/layer.tar'];
  beforeEach(async () => {
    const type = { mediaType: mediaTypes.ociForeignLayer, urls };
    const foreign = await randomLayer(site.store, 20_000, type);
    await imageOf(site.store, [foreign, await randomLayer(site.store, 1000)]);
  });

  test('is not sent by default, and the manifest stays as it is', async () => {
    const plan = await site.transfers.planPush({ image: 'app:1', target: `${repository}:1` });
    expect(plan.blobs.map(({ action }) => action)).toEqual(['upload', 'skip-foreign', 'upload']);
    expect(plan.notes).toMatchObject([expect.stringContaining('1 foreign layer is not sent')]);
    const { descriptor } = await push();
    expect(descriptor.digest).toBe((await site.store.names.resolve('app:1')).digest);
  });

  test('becomes an ordinary layer of a new manifest where it is to be pushed', async () => {
    const request = { image: 'app:1', target: `${repository}:1`, foreign: 'push' } as const;
    const { descriptor, source, notes } = await site.transfers.planPush(request);
    expect(descriptor.digest).not.toBe(source.digest);
    expect(notes[0]).toContain(`${descriptor.digest} instead of ${source.digest}`);
    await site.transfers.push(request);
    const other = await newSite();
    const pulled = await other.transfers.pull(`${repository}:1`, { choice: anyWindows });
    expect(pulled.descriptor.digest).toBe(descriptor.digest);
    const { manifest } = await readImage(other.store.blobs, pulled.descriptor);
    expect(manifest.layers[0]).toMatchObject({ mediaType: mediaTypes.ociLayer });
    expect(manifest.layers[0]).not.toHaveProperty('urls');
    await expectClean(other.store);
  });
});
