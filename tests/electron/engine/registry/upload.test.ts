import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RegistryClient } from '../../../../electron/engine/registry/registry-client.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { startDockerRegistry } from '../../../support/docker-registry.ts';
import {
  startFaultyRegistry,
  startFaultyStore,
  type FaultyRegistry,
} from '../../../support/faulty-registry.ts';
import { allOf, blobOf, clientFor, contentOf, expectFailure, pushImage, serve } from './clients.ts';

const MiB = 1024 * 1024;

type Kind = 'docker-registry' | 'our own registry';

/** A registry that can be made to fail, of either kind. */
async function faultyRegistry(kind: Kind): Promise<FaultyRegistry> {
  if (kind === 'our own registry') return await startFaultyStore();
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startDockerRegistry());
  const faulty = stack.use(await startFaultyRegistry(registry.url));
  const running = stack.move();
  return { ...faulty, [Symbol.asyncDispose]: async () => await running.disposeAsync() };
}

describe.each<Kind>(['docker-registry', 'our own registry'])('an upload to %s', kind => {
  let faulty: FaultyRegistry;
  let client: RegistryClient;
  let to: { registry: string; repository: string };

  beforeAll(async () => {
    faulty = await faultyRegistry(kind);
    client = clientFor({ timeoutMs: 2000 });
    to = { registry: faulty.host, repository: 'app' };
  });

  beforeEach(() => faulty.behave());

  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await faulty[Symbol.asyncDispose]();
  });

  async function uploaded(size: number) {
    const bytes = randomBytes(size);
    const blob = blobOf(bytes);
    const start = faulty.log.length;
    const progress: number[] = [];
    await client.uploadBlob(to, blob, contentOf(bytes), {
      onProgress: current => progress.push(current),
    });
    expect((await allOf(client.readBlob(to, blob, 0))).equals(bytes)).toBe(true);
    expect(progress.at(-1)).toBe(size);
    return faulty.log.slice(start).filter(request => /uploads/.test(request.path));
  }

  test('of a small blob takes no more requests than the registry makes necessary', async () => {
    await uploaded(1000);
    const requests = await uploaded(2000);
    expect(requests.map(request => request.method)).toEqual(
      kind === 'docker-registry' ? ['POST', 'PUT'] : ['POST'],
    );
  });

  test('of a large blob is one stream', async () => {
    const requests = await uploaded(6 * MiB);
    expect(requests.map(({ method, received }) => [method, received])).toEqual([
      ['POST', 0],
      ['PATCH', 6 * MiB],
      ['PUT', 0],
    ]);
    expect(requests[1]?.headers['content-range']).toBe(`0-${6 * MiB - 1}`);
  });

  test('that is cut goes on where the registry stopped', async () => {
    faulty.order({
      fault: { kind: 'cut-request', afterBytes: 5 * MiB },
      path: /uploads/,
      method: 'PATCH',
    });
    const requests = await uploaded(8 * MiB);
    const patches = requests.filter(request => request.method === 'PATCH').slice(1);
    const repeated = patches.reduce((sum, request) => sum + request.received, 0);
    expect(requests.slice(0, 3).map(request => request.method)).toEqual(['POST', 'PATCH', 'GET']);
    // docker-registry drops an upload whose length is not what its address says, so it begins anew.
    if (kind === 'docker-registry') expect(repeated).toBe(8 * MiB);
    else expect(repeated).toBeLessThanOrEqual(3 * MiB);
  });

  test('goes on after several cuts, as long as each brings something', async () => {
    faulty.order({
      fault: { kind: 'cut-request', afterBytes: MiB },
      path: /uploads/,
      method: 'PATCH',
      times: kind === 'docker-registry' ? 3 : 6,
    });
    await uploaded(9 * MiB);
  });

  test('ends after some cuts that bring nothing, and leaves no session', async () => {
    faulty.order({
      fault: { kind: 'cut-request', afterBytes: 0 },
      path: /uploads/,
      method: 'PATCH',
      times: Infinity,
    });
    const start = faulty.log.length;
    await expectFailure(uploaded(5 * MiB), {
      code: 'registry-unreachable',
      reason: 'interrupted',
    });
    const requests = faulty.log.slice(start);
    const count = (method: string) => requests.filter(r => r.method === method).length;
    expect(count('DELETE')).toBe(count('POST'));
  });

  test.each([
    ['lost after it was complete', { kind: 'lost-answer' }, 'PUT'],
    ['lost in the middle', { kind: 'lost-answer' }, 'PATCH'],
    ['not there for a moment', { kind: 'status', status: 503 }, 'PATCH'],
    ['not there for a moment at the end', { kind: 'status', status: 503 }, 'PUT'],
  ] as const)('survives that the registry is %s', async (_, fault, method) => {
    faulty.order({ fault, path: /uploads/, method });
    await uploaded(5 * MiB);
    faulty.order({ fault, path: /uploads/, method: 'PUT' });
    await uploaded(100_000);
  });

  test('begins anew where the registry has forgotten the session', async () => {
    faulty.order({
      fault: { kind: 'status', status: 404, code: 'BLOB_UPLOAD_UNKNOWN' },
      path: /uploads/,
      method: 'PATCH',
    });
    const requests = await uploaded(5 * MiB);
    expect(requests.filter(request => request.method === 'POST')).toHaveLength(2);
  });

  test('uses smaller pieces where a proxy lets no large ones through', async () => {
    faulty.order({ fault: { kind: 'status', status: 413 }, path: /uploads/, method: 'PATCH' });
    const requests = await uploaded(5 * MiB);
    const patches = requests.filter(request => request.method === 'PATCH');
    expect(patches.map(request => request.headers['content-length'])).toEqual([
      String(5 * MiB),
      String(2.5 * MiB),
      String(2.5 * MiB),
    ]);
  });

  test('of what is not what its descriptor says is refused by the registry', async () => {
    const blob = blobOf(randomBytes(5 * MiB));
    await expectFailure(client.uploadBlob(to, blob, contentOf(randomBytes(5 * MiB))), {
      code: 'registry-refused',
      errorCode: 'DIGEST_INVALID',
    });
    expect(await client.hasBlob(to, blob)).toBe(false);
  });

  test('fails as its content does', async () => {
    const blob = blobOf(randomBytes(5 * MiB));
    async function* broken() {
      yield randomBytes(1000);
      throw new RangeError('broken source');
    }
    await expect(client.uploadBlob(to, blob, broken)).rejects.toThrow('broken source');
    async function* short() {
      yield randomBytes(1000);
    }
    await expect(client.uploadBlob(to, blob, short)).rejects.toMatchObject({ name: 'AppError' });
  });

  test.each([100_000, 5 * MiB])(
    'of %s bytes that is cancelled ends at once and leaves no session',
    async size => {
      const controller = new AbortController();
      const blob = blobOf(randomBytes(size));
      async function* hanging() {
        yield randomBytes(1000);
        controller.abort();
        await new Promise(() => undefined);
      }
      const start = faulty.log.length;
      const work = client.uploadBlob(to, blob, hanging, { signal: controller.signal });
      await expectFailure(work, { code: 'cancelled' });
      // The log tells of requests as they end, so the one that was broken off may stand behind.
      const ended = faulty.log.slice(start).find(({ method }) => method === 'DELETE');
      // 404: a registry that saw the connection end has dropped the session by itself. Either way it is gone.
      expect([204, 404]).toContain(ended?.status);
      const session = await fetch(new URL(ended?.path ?? '', faulty.url));
      expect(session.status).toBe(404);
    },
  );

  test('of a manifest must be stored under its digest', async () => {
    faulty.order({ fault: { kind: 'wrong-digest-header' }, path: /manifests/, method: 'PUT' });
    await expectFailure(pushImage(client, to, 'x'), { code: 'registry-protocol' });
  });

  test('of a manifest without its blobs is refused', async () => {
    const config = blobOf(randomBytes(7), mediaTypes.ociConfig);
    const document = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [] };
    const bytes = Buffer.from(JSON.stringify(document));
    const manifest = { descriptor: blobOf(bytes, mediaTypes.ociManifest), bytes };
    await expectFailure(client.putManifest(to, 'x', manifest), {
      code: 'registry-refused',
      errorCode: 'MANIFEST_BLOB_UNKNOWN',
    });
  });
});

test('what the registry puts into the address of an upload stays as it is', async () => {
  const seen: string[] = [];
  await using server = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume();
    if (request.method !== 'POST') return void response.writeHead(201).end();
    response.writeHead(202, { location: '/up/1?_state=a%2Fb%3D%3D&x=~+y', 'content-length': 0 });
    response.end();
  });
  await using own = clientFor();
  const bytes = randomBytes(10);
  const blob = blobOf(bytes);
  await own.uploadBlob({ registry: server.host, repository: 'a' }, blob, contentOf(bytes));
  const digest = encodeURIComponent(blob.digest);
  expect(seen.at(-1)).toBe(`PUT /up/1?_state=a%2Fb%3D%3D&x=~+y&digest=${digest}`);
  expect(seen[0]).toBe(`POST /v2/a/blobs/uploads/?digest=${digest}`);
});

test('a registry that takes a blob with the first request is given it there', async () => {
  let received = 0;
  await using server = await serve((request, response) => {
    request.on('data', (chunk: Buffer) => (received += chunk.byteLength));
    request.on('end', () => response.writeHead(201).end());
  });
  await using own = clientFor();
  const bytes = randomBytes(500);
  await own.uploadBlob({ registry: server.host, repository: 'a' }, blobOf(bytes), contentOf(bytes));
  expect(received).toBe(500);
});

test.each([
  ['nowhere', {}, 'registry-protocol'],
  ['nonsense', { location: 'http://' }, 'registry-protocol'],
])('an upload that is sent %s fails', async (_, headers, code) => {
  await using server = await serve((request, response) => {
    request.resume().on('end', () => response.writeHead(202, headers).end());
  });
  await using own = clientFor();
  const bytes = randomBytes(500);
  await expectFailure(
    own.uploadBlob({ registry: server.host, repository: 'a' }, blobOf(bytes), contentOf(bytes)),
    { code: code as never },
  );
});

test('pieces are not smaller than the registry wants them', async () => {
  const ranges: (string | undefined)[] = [];
  let cut = false;
  await using server = await serve((request, response) => {
    const { method } = request;
    if (method === 'PATCH') ranges.push(request.headers['content-range']);
    if (method === 'PATCH' && !cut) {
      cut = true;
      return void request.socket.destroy();
    }
    request.resume().on('end', () => {
      const last = /-(\d+)$/.exec(ranges.at(-1) ?? '')?.[1];
      const range = cut && ranges.length > 1 ? `0-${last}` : '0--1';
      const status = { POST: 202, PATCH: 202, GET: 204, PUT: 201 }[method ?? ''] ?? 500;
      const headers = { location: '/up', range, 'oci-chunk-min-length': 4 * MiB };
      response.writeHead(status, headers).end();
    });
  });
  await using own = clientFor();
  const bytes = randomBytes(6 * MiB);
  await own.uploadBlob({ registry: server.host, repository: 'a' }, blobOf(bytes), contentOf(bytes));
  expect(ranges).toEqual([`0-${6 * MiB - 1}`, `0-${4 * MiB - 1}`, `${4 * MiB}-${6 * MiB - 1}`]);
});
