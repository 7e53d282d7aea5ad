import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import type {
  RegistryClient,
  Repository,
} from '../../../../electron/engine/registry/registry-client.ts';
import { AppError, explain } from '../../../../shared/failure.ts';
import { digestHex } from '../../../../shared/oci/digest.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { allOf, blobOf, clientFor, expectFailure, listOf, serve } from './clients.ts';

/** A registry that answers as a test says. */
async function scripted(listener: RequestListener) {
  const server = await serve(listener);
  const client = clientFor();
  return {
    ...server,
    client,
    at: { registry: server.host, repository: 'a/b' },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const json = (value: unknown) => JSON.stringify(value);

describe('lists', () => {
  test('come page by page, whatever form the links have', async () => {
    await using registry = await scripted((request, response) => {
      const last = new URL(request.url ?? '', 'http://x').searchParams.get('last');
      const { host } = request.headers;
      const links = {
        start: '</v2/a/b/tags/list?n=2&last=b>; rel="next"',
        b: '<list?last=c>; rel=next',
        c: `<http://${host ?? ''}/v2/a/b/tags/list?last=d>; rel="next"`,
        // From behind a proxy that ends TLS.
        d: `<https://${host ?? ''}/v2/a/b/tags/list?last=e>; rel="next"`,
        e: undefined,
      };
      const pages = { start: ['a', 'b'], b: ['c'], c: [], d: null, e: ['e', '-bad', 'x/y', ''] };
      const page = (last ?? 'start') as keyof typeof links;
      const link = links[page];
      response.writeHead(200, link === undefined ? {} : { link });
      response.end(json({ name: 'a/b', tags: pages[page] }));
    });
    expect(await listOf(registry.client.tags(registry.at))).toEqual(['a', 'b', 'c', 'e']);
  });

  test.each([
    ['to another host', '<http://127.0.0.2/v2/a/b/tags/list>; rel=next', 'another host'],
    ['in a circle', '</v2/a/b/tags/list?n=1000>; rel=next', 'in a circle'],
    ['nowhere', '<http://>; rel=next', 'no address'],
  ])('whose links lead %s are refused', async (_, link, problem) => {
    await using registry = await scripted((_, response) => {
      response.writeHead(200, { link }).end(json({ tags: ['a'] }));
    });
    const work = listOf(registry.client.tags(registry.at));
    await expect(work).rejects.toMatchObject({
      failure: { code: 'registry-protocol', problem: expect.stringContaining(problem) as string },
    });
  });

  test('that never end can be left, and are cut in the end', async () => {
    let page = 0;
    await using registry = await scripted((_, response) => {
      page += 1;
      response.writeHead(200, { link: `<?last=${page}>; rel=next` }).end(json({ tags: ['a'] }));
    });
    for await (const tag of registry.client.tags(registry.at)) {
      expect(tag).toBe('a');
      break;
    }
    expect(page).toBe(1);
  });

  test('of repositories that the registry does not have say so', async () => {
    await using registry = await scripted((_, response) => void response.writeHead(404).end());
    await expectFailure(listOf(registry.client.catalog(registry.host)), {
      code: 'registry-unsupported',
      feature: 'listing its repositories',
    });
  });

  test.each([json([]), json({ tags: 'a' }), json({ tags: [7] }), '{', ''])(
    'that are %s are refused',
    async body => {
      await using registry = await scripted((_, response) => void response.end(body));
      await expectFailure(listOf(registry.client.tags(registry.at)), {
        code: 'registry-protocol',
      });
    },
  );
});

describe('referrers', () => {
  const subject = blobOf(randomBytes(3)).digest;
  const one = blobOf(randomBytes(5), mediaTypes.ociManifest);
  const index = json({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [{ ...one, artifactType: 'application/x' }],
  });

  test('come from their endpoint', async () => {
    await using registry = await scripted((request, response) => {
      const isRight = request.url === `/v2/a/b/referrers/${subject}`;
      response.writeHead(isRight ? 200 : 500).end(index);
    });
    expect(await registry.client.referrers(registry.at, subject)).toEqual([
      { ...one, artifactType: 'application/x' },
    ]);
  });

  test('come from the tag of the digest where there is no endpoint', async () => {
    await using registry = await scripted((request, response) => {
      const isTag = request.url === `/v2/a/b/manifests/sha256-${digestHex(subject)}`;
      response.writeHead(isTag ? 200 : 404).end(isTag ? index : '404 page not found');
    });
    expect(await registry.client.referrers(registry.at, subject)).toHaveLength(1);
  });

  test('are refused where they are nonsense', async () => {
    await using registry = await scripted((_, response) => {
      response.end(json({ manifests: [{ digest: 'x' }] }));
    });
    await expectFailure(registry.client.referrers(registry.at, subject), {
      code: 'registry-protocol',
    });
  });
});

describe('manifests', () => {
  const document = { schemaVersion: 2, config: {}, layers: [] };

  test.each<[string, string | undefined, object, string]>([
    ['the header', mediaTypes.dockerManifest, document, mediaTypes.dockerManifest],
    [
      'the document',
      'application/json',
      { ...document, mediaType: mediaTypes.dockerList },
      mediaTypes.dockerList,
    ],
    ['the layers', undefined, document, mediaTypes.ociManifest],
    ['the manifests', undefined, { schemaVersion: 2, manifests: [] }, mediaTypes.ociIndex],
  ])('get their type from %s', async (_, type, value, mediaType) => {
    await using registry = await scripted((_, response) => {
      response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(json(value));
    });
    const { descriptor } = await registry.client.manifest(registry.at, '1');
    expect(descriptor).toEqual(blobOf(Buffer.from(json(value)), mediaType));
    expect(await registry.client.headManifest(registry.at, '1')).toEqual(descriptor);
  });

  test.each([
    ['of schema 1', 'application/vnd.docker.distribution.manifest.v1+prettyjws', 1, /schema 1/],
    ['of schema 1 that says nothing', 'application/json', 1, /schema 1/],
    ['of something else', 'application/vnd.example+json', 2, /application\/vnd\.example\+json/],
  ])('%s are refused with that reason', async (_, type, schemaVersion, reason) => {
    await using registry = await scripted((_, response) => {
      response.writeHead(200, { 'content-type': type }).end(json({ schemaVersion }));
    });
    const error: unknown = await registry.client
      .manifest(registry.at, '1')
      .catch((error: unknown) => error);
    if (!(error instanceof AppError)) throw error;
    expect(error.failure.code).toBe('registry-unsupported');
    expect(error.message).toMatch(reason);
  });

  test('that come packed although we asked for them as they are say so', async () => {
    await using registry = await scripted((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('\u001f\u008b');
    });
    await expectFailure(registry.client.manifest(registry.at, '1'), {
      code: 'registry-protocol',
      problem: 'it came packed as gzip',
    });
  });

  test('are asked for with every type that we read, and without packing', async () => {
    await using registry = await scripted((request, response) => {
      response.writeHead(200, { 'x-sent': 'y' }).end(json(document));
      expect(request.headers).toMatchObject({
        accept: expect.stringContaining(mediaTypes.dockerList) as string,
        'accept-encoding': 'identity',
        'user-agent': 'layerwright',
      });
    });
    await registry.client.manifest(registry.at, '1');
  });
});

test('a blob is never read beyond its size, even without a length', async () => {
  const bytes = randomBytes(100_000);
  await using registry = await scripted((_, response) => {
    response.write(bytes);
    response.end('more');
  });
  let size = 0;
  const work = (async () => {
    for await (const chunk of registry.client.readBlob(registry.at, blobOf(bytes), 0)) {
      size += chunk.byteLength;
    }
  })();
  await expectFailure(work, { code: 'registry-protocol' });
  expect(size).toBeLessThanOrEqual(bytes.byteLength);
});

test('a redirection from one host to another is followed for blobs', async () => {
  const bytes = randomBytes(1000);
  await using other = await serve((_, response) => void response.end(bytes));
  await using registry = await scripted((_, response) => {
    response.writeHead(307, { location: `${other.url}/there?signature=secret` }).end();
  });
  const content = await allOf(registry.client.readBlob(registry.at, blobOf(bytes), 0));
  expect(content.equals(bytes)).toBe(true);
  const wrong = { ...blobOf(bytes), size: 1 };
  const error: unknown = await allOf(registry.client.readBlob(registry.at, wrong, 0)).catch(
    (error: unknown) => error,
  );
  expect(String(error)).toContain(`${other.url}/there`);
  expect(JSON.stringify(error) + String(error)).not.toContain('secret');
});

test.each(['file:///etc/passwd', 'http://', '//[', 'javascript:alert(1)'])(
  'a redirection to %s is not followed',
  async location => {
    await using registry = await scripted((_, response) => {
      response.writeHead(302, { location }).end();
    });
    await expectFailure(registry.client.manifest(registry.at, '1'), { code: 'registry-protocol' });
  },
);

test('what has no /v2/ is no registry', async () => {
  await using registry = await scripted((_, response) => void response.writeHead(404).end());
  await expectFailure(registry.client.ping(registry.host), { code: 'registry-protocol' });
  await using page = await scripted((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
  });
  await expectFailure(page.client.ping(page.host), { code: 'registry-protocol' });
});

// distribution-spec, "Error Codes", with the status that registries use.
const errorCodes: readonly [string, number, string][] = [
  ['BLOB_UNKNOWN', 404, 'registry-not-found'],
  ['BLOB_UPLOAD_INVALID', 400, 'registry-refused'],
  ['BLOB_UPLOAD_UNKNOWN', 404, 'registry-refused'],
  ['DIGEST_INVALID', 400, 'registry-refused'],
  ['MANIFEST_BLOB_UNKNOWN', 404, 'registry-refused'],
  ['MANIFEST_INVALID', 400, 'registry-refused'],
  ['MANIFEST_UNKNOWN', 404, 'registry-not-found'],
  ['NAME_INVALID', 400, 'registry-refused'],
  ['NAME_UNKNOWN', 404, 'registry-not-found'],
  ['SIZE_INVALID', 400, 'registry-refused'],
  ['UNAUTHORIZED', 401, 'registry-unauthorized'],
  ['DENIED', 403, 'registry-denied'],
  ['UNSUPPORTED', 400, 'registry-refused'],
  ['TOOMANYREQUESTS', 429, 'registry-rate-limited'],
];

describe('the error code', () => {
  test.each(errorCodes)('%s (status %s) becomes %s, with advice', async (code, status, ours) => {
    await using registry = await scripted((_, response) => {
      response.writeHead(status).end(json({ errors: [{ code, message: 'the reason' }] }));
    });
    const error: unknown = await registry.client
      .manifest(registry.at, '1')
      .catch((error: unknown) => error);
    if (!(error instanceof AppError)) throw error;
    expect(error.failure).toMatchObject({ code: ours, registry: registry.host });
    const { message, advice } = explain(error.failure);
    expect(message).toContain(registry.host);
    expect(message).toContain('the reason');
    expect(advice).toMatch(/\w/);
  });

  test.each<[string, string, object]>([
    [
      'of several',
      json({
        errors: [
          { code: 'A', message: 'x' },
          { code: 'B', message: 'y' },
        ],
      }),
      { errorCode: 'A', says: 'x; y' },
    ],
    ['without a message', json({ errors: [{ code: 'A' }] }), { errorCode: 'A', says: '' }],
    [
      'that is no code',
      json({ errors: [{ code: 7, message: 'x' }] }),
      { errorCode: '', says: 'x' },
    ],
    ['in an empty list', json({ errors: [] }), { errorCode: '', says: '' }],
    ['of another form', json({ message: 'x' }), { errorCode: '', says: 'x' }],
    ['that is no JSON', '<html>', { errorCode: '', says: '' }],
    [
      'too long to be read',
      json({ errors: [{ code: 'A', message: 'x'.repeat(100_000) }] }),
      { errorCode: '', says: '' },
    ],
  ])('%s is read as far as possible', async (_, body, expected) => {
    await using registry = await scripted((_, response) => {
      response.writeHead(418).end(body);
    });
    await expectFailure(registry.client.manifest(registry.at, '1'), {
      code: 'registry-refused',
      ...expected,
    } as never);
  });
});

test('what a registry cannot delete says so', async () => {
  await using registry = await scripted((_, response) => {
    response.writeHead(405).end(json({ errors: [{ code: 'UNSUPPORTED' }] }));
  });
  const { client, at } = registry;
  await expectFailure(client.deleteManifest(at, '1'), {
    code: 'registry-unsupported',
    feature: 'deleting a tag',
  });
  await expectFailure(client.deleteBlob(at, blobOf(randomBytes(1))), {
    code: 'registry-unsupported',
    feature: 'deleting',
  });
});

type Ask = (client: RegistryClient, at: Repository, signal: AbortSignal) => Promise<unknown>;

test.each<[string, Ask]>([
  ['ping', async (client, at, signal) => await client.ping(at.registry, signal)],
  ['a manifest', async (client, at, signal) => await client.manifest(at, '1', signal)],
  ['a list of tags', async (client, at, signal) => await listOf(client.tags(at, signal))],
])('%s that nobody answers ends at once when it is cancelled', async (_, ask) => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using registry = await scripted(() => resolve());
  const controller = new AbortController();
  const work = expectFailure(ask(registry.client, registry.at, controller.signal), {
    code: 'cancelled',
  });
  await asked;
  controller.abort();
  await work;
});
