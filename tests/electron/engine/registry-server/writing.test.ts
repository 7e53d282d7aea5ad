import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { filesBelow, listBlobs, newDir, newStore } from '../content/helpers.ts';
import { manifestOf, outcomeOf, pushBlob, serveStore, type ServedStore } from './helpers.ts';

const unknown = `sha256:${'0'.repeat(64)}`;
const octets = { 'content-type': 'application/octet-stream' };

async function opened({ ask }: ServedStore, name = 'app'): Promise<string> {
  const answer = await ask(`${name}/blobs/uploads/`, { method: 'POST' });
  expect([answer.status, answer.headers.get('range')]).toEqual([202, '0-0']);
  expect(answer.headers.get('docker-upload-uuid')).toMatch(/^[0-9a-f-]{36}$/);
  return answer.headers.get('location')?.replace('/v2/', '') ?? '';
}

async function ingested({ store }: ServedStore): Promise<string[]> {
  return (await filesBelow(store.dir)).filter(file => file.startsWith('ingest/'));
}

describe('blobs', () => {
  test('are pushed in one request', async () => {
    const served = await serveStore({ writable: true });
    const digest = digestOf('hello');
    const path = `app/blobs/uploads/?digest=${digest}`;
    const answer = await served.ask(path, { method: 'POST', body: 'hello', headers: octets });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      201,
      `/v2/app/blobs/${digest}`,
    ]);
    expect(answer.headers.get('docker-content-digest')).toBe(digest);
    expect(await (await served.ask(`app/blobs/${digest}`)).text()).toBe('hello');
    expect(await ingested(served)).toEqual([]);
  });

  test('are pushed in two requests', async () => {
    const served = await serveStore({ writable: true });
    const { digest } = await pushBlob(served, 'app', 'hello');
    expect(await listBlobs(served.store)).toEqual([{ digest, size: 5 }]);
  });

  test('are pushed in chunks that follow each other', async () => {
    const served = await serveStore({ writable: true });
    const { ask } = served;
    const place = await opened(served);
    const first = await ask(place, {
      method: 'PATCH',
      body: 'hel',
      headers: { ...octets, 'content-range': '0-2' },
    });
    expect([first.status, first.headers.get('range')]).toEqual([202, '0-2']);
    const status = await ask(place);
    expect([status.status, status.headers.get('range')]).toEqual([204, '0-2']);
    const next = first.headers.get('location')?.replace('/v2/', '') ?? '';
    const last = await ask(`${next}?digest=${digestOf('hello')}`, {
      method: 'PUT',
      body: 'lo',
      headers: { ...octets, 'content-range': '3-4' },
    });
    expect(last.status).toBe(201);
    expect(await (await ask(`app/blobs/${digestOf('hello')}`)).text()).toBe('hello');
  });

  test('are not taken where a chunk does not follow the last one, and the client learns where to go on', async () => {
    const served = await serveStore({ writable: true });
    const place = await opened(served);
    const chunk = (range: string, body: string, method = 'PATCH', path = place) =>
      served.ask(path, { method, body, headers: { ...octets, 'content-range': range } });
    await chunk('0-2', 'hel');
    for (const range of ['0-2', '4-6', '2-4', 'x']) {
      const refused = await chunk(range, 'lo!');
      expect([range, refused.status, refused.headers.get('range')]).toEqual([range, 416, '0-2']);
    }
    const path = `${place}?digest=${digestOf('hello')}`;
    expect((await chunk('4-5', 'lo', 'PUT', path)).status).toBe(416);
    expect(await outcomeOf(await chunk('3-9', 'lo'))).toBe('400 SIZE_INVALID');
    expect((await chunk('3-4', 'lo', 'PUT', path)).status).toBe(201);
  });

  test('with another content than their digest are refused, and nothing stays', async () => {
    const served = await serveStore({ writable: true });
    const place = await opened(served);
    const put = { method: 'PUT', body: 'hellO', headers: octets };
    expect(await served.outcome(`${place}?digest=${digestOf('hello')}`, put)).toBe(
      '400 DIGEST_INVALID',
    );
    expect(await served.outcome(place)).toBe('404 BLOB_UPLOAD_UNKNOWN');
    const post = { ...put, method: 'POST' };
    const path = `app/blobs/uploads/?digest=${digestOf('hello')}`;
    expect(await served.outcome(path, post)).toBe('400 DIGEST_INVALID');
    expect([await listBlobs(served.store), await ingested(served)]).toEqual([[], []]);
  });

  test('need a digest that can be checked', async () => {
    const served = await serveStore({ writable: true });
    const place = await opened(served);
    const put = { method: 'PUT', body: 'hello', headers: octets };
    expect(await served.outcome(place, put)).toBe('400 DIGEST_INVALID');
    const sha512 = `sha512:${'0'.repeat(128)}`;
    expect(await served.outcome(`${place}?digest=${sha512}`, put)).toBe('400 DIGEST_INVALID');
  });

  test('that the store has are mounted, others are to be pushed', async () => {
    const served = await serveStore({ writable: true });
    const { digest } = await pushBlob(served, 'app', 'hello');
    const mount = (wanted: string, from = '&from=app') =>
      served.ask(`other/blobs/uploads/?mount=${wanted}${from}`, { method: 'POST' });
    const mounted = await mount(digest);
    expect([mounted.status, mounted.headers.get('location')]).toEqual([
      201,
      `/v2/other/blobs/${digest}`,
    ]);
    expect((await mount(digest, '')).status).toBe(201);
    const missing = await mount(unknown);
    expect([missing.status, missing.headers.get('location')]).toEqual([
      202,
      expect.stringMatching(/^\/v2\/other\/blobs\/uploads\//),
    ]);
  });

  test('on their way can be given up', async () => {
    const served = await serveStore({ writable: true });
    const place = await opened(served);
    expect((await served.ask(place, { method: 'DELETE' })).status).toBe(204);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect(await served.outcome(place, { method })).toBe('404 BLOB_UPLOAD_UNKNOWN');
    }
    const other = (await opened(served)).replace('app/', 'other/');
    expect(await served.outcome(other)).toBe('404 BLOB_UPLOAD_UNKNOWN');
  });

  test('that nobody goes on with are dropped', async () => {
    const served = await serveStore({ writable: true, uploadIdle: 40 });
    const place = await opened(served);
    await expect
      .poll(() => served.outcome(place), { interval: 200 })
      .toBe('404 BLOB_UPLOAD_UNKNOWN');
    expect(await ingested(served)).toEqual([]);
  });

  test('cannot be deleted one by one', async () => {
    const served = await serveStore({ writable: true });
    const { digest } = await pushBlob(served, 'app', 'hello');
    expect(await served.outcome(`app/blobs/${digest}`, { method: 'DELETE' })).toBe(
      '405 UNSUPPORTED',
    );
  });

  test('are not more than can be managed', async () => {
    const served = await serveStore({ writable: true });
    for (let count = 0; count < 100; count += 1) await opened(served);
    const answer = await served.ask('app/blobs/uploads/', { method: 'POST' });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await outcomeOf(answer)).toBe('429 TOOMANYREQUESTS');
  });
});

describe('manifests', () => {
  test('are kept in their very bytes under the name that people write', async () => {
    const served = await serveStore({ writable: true });
    const config = await pushBlob(served, 'app', '{}');
    const layer = await pushBlob(served, 'app', 'layer');
    const { body, headers } = manifestOf(config, [layer]);
    const spaced = `${body}\n `;
    const put = await served.ask('app/manifests/1', { method: 'PUT', body: spaced, headers });
    const digest = digestOf(spaced);
    expect([
      put.status,
      put.headers.get('location'),
      put.headers.get('docker-content-digest'),
    ]).toEqual([201, `/v2/app/manifests/${digest}`, digest]);
    expect(await (await served.ask('app/manifests/1')).text()).toBe(spaced);
    expect(await served.store.names.resolve('app:1')).toMatchObject({ digest });
  });

  test('pushed by digest have no name, or the tags that come along', async () => {
    const served = await serveStore({ writable: true });
    const config = await pushBlob(served, 'app', '{}');
    const { body, headers } = manifestOf(config, []);
    const path = `app/manifests/${digestOf(body)}`;
    const put = { method: 'PUT', body, headers };
    expect((await served.ask(path, put)).headers.get('oci-tag')).toBe(null);
    expect(await served.store.names.list()).toMatchObject([
      { descriptor: { digest: digestOf(body) } },
    ]);
    expect(await served.outcome(path)).toBe('200');
    const tagged = await served.ask(`${path}?tag=1&tag=latest`, put);
    expect(tagged.headers.get('oci-tag')).toBe('1, latest');
    const names = (await served.store.names.list()).map(image => image.reference);
    expect(names).toEqual(['docker.io/library/app:1', 'docker.io/library/app:latest']);
    expect(await served.outcome(`app/manifests/${unknown}`, put)).toBe('400 DIGEST_INVALID');
    expect(await served.outcome(`${path}?tag=-`, put)).toBe('400 MANIFEST_INVALID');
  });

  test('of an index need no entry of their own any more once the index is there', async () => {
    const served = await serveStore({ writable: true });
    const config = await pushBlob(served, 'app', '{}');
    const image = manifestOf(config, []);
    const digest = digestOf(image.body);
    const child = { mediaType: mediaTypes.ociManifest, digest, size: image.body.length };
    const index = JSON.stringify({ schemaVersion: 2, manifests: [child] });
    const put = { method: 'PUT', body: index, headers: { 'content-type': mediaTypes.ociIndex } };
    expect(await served.outcome('app/manifests/all', put)).toBe('404 MANIFEST_BLOB_UNKNOWN');
    await served.ask(`app/manifests/${digest}`, { method: 'PUT', ...image });
    expect(await served.outcome('app/manifests/all', put)).toBe('201');
    const stored = await served.store.names.list();
    expect(stored.map(entry => entry.reference)).toEqual(['docker.io/library/app:all']);
    expect(await served.outcome(`app/manifests/${digest}`)).toBe('200');
    expect(await served.outcome(`app/manifests/${digest}`, { method: 'DELETE' })).toBe(
      '405 UNSUPPORTED',
    );
  });

  test('with a subject say that it was understood, though it is not there', async () => {
    const served = await serveStore({ writable: true });
    const config = await pushBlob(served, 'app', '{}');
    const subject = { mediaType: mediaTypes.ociManifest, digest: unknown, size: 2 };
    const signature = manifestOf(config, [], { subject, artifactType: 'application/x-sig' });
    const put = { method: 'PUT', ...signature };
    const answer = await served.ask(`app/manifests/${digestOf(signature.body)}`, put);
    expect([answer.status, answer.headers.get('oci-subject')]).toEqual([201, unknown]);
    const referrers = await (await served.ask(`app/referrers/${unknown}`)).json();
    expect(referrers).toMatchObject({ manifests: [{ artifactType: 'application/x-sig' }] });
  });

  test('with foreign layers need only what is not elsewhere', async () => {
    const served = await serveStore({ writable: true });
    const config = await pushBlob(served, 'app', '{}');
    const foreign = {
      mediaType: mediaTypes.dockerForeignLayerGzip,
      digest: unknown as typeof config.digest,
      size: 7,
    };
    const urls = ['https://mcr.microsoft.com/x'];
    const put = { method: 'PUT', ...manifestOf(config, [{ ...foreign, urls }]) };
    expect(await served.outcome('app/manifests/1', put)).toBe('201');
    const without = { method: 'PUT', ...manifestOf(config, [foreign]) };
    expect(await served.outcome('app/manifests/2', without)).toBe('404 MANIFEST_BLOB_UNKNOWN');
  });

  test('that cannot be understood are refused', async () => {
    const served = await serveStore({ writable: true });
    const config = await pushBlob(served, 'app', '{}');
    const { body, headers } = manifestOf(config, []);
    const put = (change: object) =>
      served.outcome('app/manifests/1', { method: 'PUT', body, headers, ...change });
    expect(await put({ body: '<html>' })).toBe('400 MANIFEST_INVALID');
    expect(await put({ body: '{"schemaVersion":1}' })).toBe('400 MANIFEST_INVALID');
    expect(await put({ body: body.replace('"layers"', '"manifests":[],"layers"') })).toBe(
      '400 MANIFEST_INVALID',
    );
    for (const type of ['text/plain', mediaTypes.dockerManifest, mediaTypes.ociIndex]) {
      expect(await put({ headers: { 'content-type': type } })).toBe('400 MANIFEST_INVALID');
    }
    const imageConfig = manifestOf({ ...config, mediaType: mediaTypes.ociConfig }, []);
    expect(await put(imageConfig)).toBe('400 MANIFEST_INVALID');
    const lying = manifestOf({ ...config, size: 3 }, []);
    expect(await put(lying)).toBe('404 MANIFEST_BLOB_UNKNOWN');
    const large = Buffer.alloc(4 * 1024 * 1024 + 1, ' ');
    expect(await put({ body: large })).toBe('413 SIZE_INVALID');
    async function* chunks() {
      for (let count = 0; count < 6; count += 1) yield Buffer.alloc(1024 * 1024, ' ');
    }
    expect(await put({ body: chunks(), duplex: 'half' })).toBe('413 SIZE_INVALID');
    expect(await served.store.names.list()).toEqual([]);
  });

  test('are deleted by tag and by digest', async () => {
    const served = await serveStore({ writable: true });
    const config = await pushBlob(served, 'app', '{}');
    const put = { method: 'PUT', ...manifestOf(config, []) };
    const digest = digestOf(put.body);
    for (const path of ['app/manifests/1', 'app/manifests/2', 'app/manifests/3', 'x/manifests/1']) {
      await served.ask(path, put);
    }
    const remove = { method: 'DELETE' };
    expect(await served.outcome('app/manifests/1', remove)).toBe('202');
    expect(await served.outcome('app/manifests/1')).toBe('404 MANIFEST_UNKNOWN');
    expect(await served.outcome('app/manifests/2')).toBe('200');
    expect(await served.outcome(`app/manifests/${digest}`, remove)).toBe('202');
    expect(await served.outcome(`app/manifests/${digest}`)).toBe('404 MANIFEST_UNKNOWN');
    expect(await served.outcome('app/manifests/2')).toBe('404 NAME_UNKNOWN');
    expect(await served.outcome('x/manifests/1')).toBe('200');
    expect(await served.outcome('app/manifests/9', remove)).toBe('404 NAME_UNKNOWN');
  });
});

describe('garbage collection', () => {
  test('stays out from the first blob until a manifest reaches all that came', async () => {
    const served = await serveStore({ writable: true });
    const { lock } = served.store;
    const mayCollect = () => {
      using held = lock.tryExclusive();
      return held !== undefined;
    };
    expect(mayCollect()).toBe(true);
    const config = await pushBlob(served, 'app', '{}');
    const layer = await pushBlob(served, 'app', 'layer');
    expect(mayCollect()).toBe(false);
    await served.ask('app/manifests/1', { method: 'PUT', ...manifestOf(config, [layer]) });
    await expect.poll(mayCollect).toBe(true);
  });

  test('is let in again where a push is abandoned', async () => {
    const served = await serveStore({ writable: true, uploadIdle: 40 });
    await pushBlob(served, 'app', '{}');
    await expect
      .poll(() => {
        using held = served.store.lock.tryExclusive();
        return held !== undefined;
      })
      .toBe(true);
  });
});

const isRoot = process.getuid?.() === 0;

describe('a full disk', () => {
  // CI runs as root, so there a missing tmpfs is a failure, not a skip.
  test.skipIf(!isRoot && process.env['CI'] === undefined)(
    'is told, and leaves nothing of the blob (mounting a small tmpfs needs root)',
    async () => {
      const dir = await newDir();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', dir]);
      onTestFinished(() => void execFileSync('umount', [dir]));
      const served = await serveStore({ writable: true }, await newStore(path.join(dir, 'store')));
      const place = await opened(served);
      const patch = { method: 'PATCH', body: Buffer.alloc(8 << 20), headers: octets };
      expect(await served.outcome(place, patch)).toBe('507 UNKNOWN');
      expect(await served.outcome(place)).toBe('404 BLOB_UPLOAD_UNKNOWN');
      expect(await ingested(served)).toEqual([]);
      await pushBlob(served, 'app', 'hello');
    },
  );
});
