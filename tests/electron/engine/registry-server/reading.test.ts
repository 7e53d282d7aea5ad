import { readFile, rename, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writeImage, writeIndex } from '../../../../electron/engine/image/write-image.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { writeDocument } from '../../../../electron/engine/content/document-blob.ts';
import { bytesOf, describeBytes, newStore } from '../content/helpers.ts';
import { newImage, storeImage, windows2022 } from '../image/helpers.ts';
import { serveStore, type ServedStore } from './helpers.ts';

const unknown = `sha256:${'0'.repeat(64)}`;

interface WithImage extends ServedStore {
  readonly image: Descriptor;
}

async function servedImage(...names: readonly string[]): Promise<WithImage> {
  const store = await newStore();
  const image = await storeImage(store.blobs, ['a.txt', 'b.txt']);
  for (const name of names) await store.names.set(name, image);
  return { ...(await serveStore({}, store)), image };
}

describe('GET /v2/', () => {
  test('says that this is a registry', async () => {
    const { ask } = await serveStore();
    const answer = await ask('');
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    expect(answer.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
    expect((await ask('', { method: 'HEAD' })).status).toBe(200);
  });
});

describe('manifests', () => {
  test('come by tag and by digest, in the bytes of the store, with HEAD alike', async () => {
    const { ask, image, store } = await servedImage('app:1');
    const bytes = await readFile(store.blobs.path(image.digest));
    for (const reference of ['1', image.digest]) {
      const answer = await ask(`app/manifests/${reference}`);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
      const head = await ask(`app/manifests/${reference}`, { method: 'HEAD' });
      for (const { status, headers } of [answer, head]) {
        expect([status, headers.get('content-type'), headers.get('content-length')]).toEqual([
          200,
          mediaTypes.ociManifest,
          String(bytes.length),
        ]);
        expect(headers.get('docker-content-digest')).toBe(image.digest);
      }
    }
  });

  test('are found under every name that people write', async () => {
    const { outcome } = await servedImage(
      'app:1',
      'acme/shop:2',
      'mcr.microsoft.com/windows/nanoserver:ltsc2022',
      'localhost:5000/local:3',
    );
    for (const path of [
      'app/manifests/1',
      'library/app/manifests/1',
      'docker.io/library/app/manifests/1',
      'acme/shop/manifests/2',
      'docker.io/acme/shop/manifests/2',
      'mcr.microsoft.com/windows/nanoserver/manifests/ltsc2022',
      'windows/nanoserver/manifests/ltsc2022',
      'local/manifests/3',
    ]) {
      expect([path, await outcome(path)]).toEqual([path, '200']);
    }
  });

  test('prefer the registry that people mean, and else ask which one of several', async () => {
    const { store, ask, outcome, image } = await servedImage('one.example/app:1');
    const other = await storeImage(store.blobs, ['other.txt']);
    await store.names.set('two.example/app:1', other);
    const refused = await ask('app/manifests/1');
    expect(await refused.json()).toMatchObject({
      errors: [{ code: 'DENIED', detail: { names: ['one.example/app:1', 'two.example/app:1'] } }],
    });
    expect(await outcome('two.example/app/manifests/1')).toBe('200');
    await store.names.set('library/app:1', image);
    expect(await outcome('library/app/manifests/1')).toBe('200');
  });

  test('are told apart from what is not there', async () => {
    const { outcome } = await servedImage('app:1');
    expect(await outcome('app/manifests/2')).toBe('404 MANIFEST_UNKNOWN');
    expect(await outcome(`app/manifests/${unknown}`)).toBe('404 MANIFEST_UNKNOWN');
    expect(await outcome('nothing/manifests/1')).toBe('404 NAME_UNKNOWN');
    expect(await outcome('app/manifests/sha256:12')).toBe('400 DIGEST_INVALID');
    expect(await outcome('app/manifests/-x')).toBe('400 MANIFEST_INVALID');
    expect(await outcome('APP/manifests/1')).toBe('400 NAME_INVALID');
    expect(await outcome(`${'a/'.repeat(200)}a/manifests/1`)).toBe('400 NAME_INVALID');
  });

  test('are only given to whoever accepts their type', async () => {
    const { ask } = await servedImage('app:1');
    const statuses: number[] = [];
    for (const accept of [
      'application/vnd.docker.distribution.manifest.v2+json',
      `text/html, ${mediaTypes.ociManifest};q=0.5`,
      '*/*',
    ]) {
      statuses.push((await ask('app/manifests/1', { headers: { accept } })).status);
    }
    expect(statuses).toEqual([404, 200, 200]);
  });

  test('of an index come by digest, nested ones as well; those of other repositories do not', async () => {
    const { store, outcome, image } = await servedImage();
    const other = await writeImage(store.blobs, await newImage(store.blobs, ['other.txt']));
    const inner = await writeIndex(store.blobs, [{ ...image, platform: windows2022 }]);
    const outer = await writeIndex(store.blobs, [inner]);
    await store.names.set('app:1', outer);
    await store.names.set('elsewhere:1', other);
    expect(await outcome(`app/manifests/${inner.digest}`)).toBe('200');
    expect(await outcome(`app/manifests/${image.digest}`)).toBe('200');
    expect(await outcome(`app/manifests/${other.digest}`)).toBe('404 MANIFEST_UNKNOWN');
  });
});

describe('blobs', () => {
  async function servedBlob() {
    const store = await newStore();
    const content = 'x'.repeat(3_000_000);
    const blob = describeBytes(content);
    await store.blobs.write(blob, bytesOf(content));
    return { ...(await serveStore({}, store)), content, blob };
  }

  test('come whole, with HEAD alike', async () => {
    const { ask, content, blob } = await servedBlob();
    const answer = await ask(`app/blobs/${blob.digest}`);
    expect((await answer.text()) === content).toBe(true);
    const head = await ask(`app/blobs/${blob.digest}`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(blob.size));
    expect(head.headers.get('docker-content-digest')).toBe(blob.digest);
    expect(head.headers.get('accept-ranges')).toBe('bytes');
  });

  test.each([
    ['bytes=0-9', 206, 'bytes 0-9/3000000', 10],
    ['bytes=2999990-', 206, 'bytes 2999990-2999999/3000000', 10],
    ['bytes=-3', 206, 'bytes 2999997-2999999/3000000', 3],
    ['bytes=1000000-99999999', 206, 'bytes 1000000-2999999/3000000', 2_000_000],
    ['bytes=5-4', 200, null, 3_000_000],
    ['bytes=0-1,5-6', 200, null, 3_000_000],
    ['lines=1-2', 200, null, 3_000_000],
  ])('in parts: %s', async (range, status, contentRange, length) => {
    const { ask, blob } = await servedBlob();
    const answer = await ask(`app/blobs/${blob.digest}`, { headers: { range } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([status, contentRange]);
    expect((await answer.arrayBuffer()).byteLength).toBe(length);
  });

  test('in parts that are not there: 416 with the size', async () => {
    const { ask, blob } = await servedBlob();
    for (const range of ['bytes=3000000-', 'bytes=-0']) {
      const answer = await ask(`app/blobs/${blob.digest}`, { headers: { range } });
      expect([answer.status, answer.headers.get('content-range')]).toEqual([
        416,
        'bytes */3000000',
      ]);
    }
  });

  test('are told apart from what is not there', async () => {
    const { outcome } = await servedBlob();
    expect(await outcome(`app/blobs/${unknown}`)).toBe('404 BLOB_UNKNOWN');
    expect(await outcome('app/blobs/sha512:12')).toBe('400 DIGEST_INVALID');
    expect(await outcome('app/blobs/..%2f..%2f..%2findex.json')).toBe('404 UNSUPPORTED');
    expect(await outcome('app/blobs/..%2findex.json')).toBe('404 UNSUPPORTED');
  });

  test('that are damaged on disk never arrive whole', async () => {
    const { ask, blob, store } = await servedBlob();
    const path = store.blobs.path(blob.digest);
    await writeFile(`${path}.new`, 'y'.repeat(blob.size));
    await rename(`${path}.new`, path);
    await expect(ask(`app/blobs/${blob.digest}`).then(answer => answer.text())).rejects.toThrow();
  });
});

describe('lists', () => {
  test('of tags come in order, page by page', async () => {
    const { ask, outcome, registry } = await servedImage('app:b', 'app:a', 'app:C', 'app:d', 'x:1');
    const all = await (await ask('app/tags/list')).json();
    expect(all).toEqual({ name: 'app', tags: ['C', 'a', 'b', 'd'] });
    const pages: unknown[] = [];
    for (let next: string | undefined = '/v2/app/tags/list?n=3'; next !== undefined;) {
      const answer: Awaited<ReturnType<typeof ask>> = await ask(next.replace('/v2/', ''));
      pages.push(((await answer.json()) as { tags: string[] }).tags);
      next = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(pages).toEqual([['C', 'a', 'b'], ['d']]);
    expect(await (await ask('app/tags/list?last=b')).json()).toMatchObject({ tags: ['d'] });
    const none = await ask('app/tags/list?n=0');
    expect([await none.json(), none.headers.get('link')]).toEqual([
      { name: 'app', tags: [] },
      null,
    ]);
    expect(await outcome('app/tags/list?n=-1')).toBe('400 PAGINATION_NUMBER_INVALID');
    expect(await outcome('nothing/tags/list')).toBe('404 NAME_UNKNOWN');
    expect(registry.host).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test('of repositories have the names that people write', async () => {
    const { ask } = await servedImage(
      'app:1',
      'acme/shop:1',
      'mcr.microsoft.com/windows/nanoserver:1',
      'localhost:5000/local:1',
    );
    const repositories = ['acme/shop', 'app', 'local', 'mcr.microsoft.com/windows/nanoserver'];
    expect(await (await ask('_catalog')).json()).toEqual({ repositories });
    const page = await ask('_catalog?n=2');
    expect(await page.json()).toEqual({ repositories: ['acme/shop', 'app'] });
    expect(page.headers.get('link')).toBe('</v2/_catalog?n=2&last=app>; rel="next"');
  });

  test('of referrers say what refers to an image, by type if asked', async () => {
    const { ask, outcome, image, store } = await servedImage('app:1');
    const empty = describeBytes('{}', mediaTypes.ociEmpty);
    await store.blobs.write(empty, bytesOf('{}'));
    const subject = { mediaType: image.mediaType, digest: image.digest, size: image.size };
    const common = { schemaVersion: 2, config: empty, layers: [], subject };
    for (const artifactType of ['application/x-signature', undefined]) {
      const annotations = { for: artifactType ?? 'nobody' };
      const signature = await writeDocument(store.blobs, mediaTypes.ociManifest, {
        ...common,
        ...(artifactType === undefined ? {} : { artifactType }),
        annotations,
      });
      await store.names.set(undefined, signature);
    }
    const answer = await ask(`app/referrers/${image.digest}`);
    expect(answer.headers.get('content-type')).toBe(mediaTypes.ociIndex);
    expect(await answer.json()).toMatchObject({
      mediaType: mediaTypes.ociIndex,
      manifests: [
        {
          artifactType: 'application/x-signature',
          annotations: { for: 'application/x-signature' },
        },
        { artifactType: mediaTypes.ociEmpty, annotations: { for: 'nobody' } },
      ],
    });
    const filtered = await ask(
      `app/referrers/${image.digest}?artifactType=application/x-signature`,
    );
    expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType');
    expect(((await filtered.json()) as { manifests: unknown[] }).manifests).toHaveLength(1);
    const none = await ask(`nothing/referrers/${unknown}`);
    expect([none.status, await none.json()]).toMatchObject([200, { manifests: [] }]);
    expect(await outcome('app/referrers/sha256:1')).toBe('400 DIGEST_INVALID');
  });
});

test('a registry that is only read from refuses every change', async () => {
  const { outcome, image } = await servedImage('app:1');
  for (const [method, path] of [
    ['POST', 'app/blobs/uploads/'],
    ['PUT', 'app/manifests/2'],
    ['DELETE', 'app/manifests/1'],
    ['DELETE', `app/blobs/${image.digest}`],
  ] as const) {
    expect(await outcome(path, { method })).toBe('405 UNSUPPORTED');
  }
});
