import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  FetchedManifest,
  RegistryClient,
} from '../../../../electron/engine/registry/registry-client.ts';
import { explain } from '../../../../shared/failure.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../support/docker-registry.ts';
import { tooManyRequests, type Fault } from '../../../support/faults.ts';
import { startFaultyRegistry, type FaultyRegistry } from '../../../support/faulty-registry.ts';
import {
  allOf,
  blobOf,
  clientFor,
  contentOf,
  listOf,
  expectFailure,
  pushImage,
} from './clients.ts';

const bytes = randomBytes(300_000);
const blob = blobOf(bytes);

let registry: DockerRegistry;
let faulty: FaultyRegistry;
let client: RegistryClient;
let manifest: FetchedManifest;
let from: { registry: string; repository: string };

beforeAll(async () => {
  registry = await startDockerRegistry();
  faulty = await startFaultyRegistry(registry.url);
  client = clientFor({ timeoutMs: 1000 });
  from = { registry: faulty.host, repository: 'app' };
  await client.uploadBlob(from, blob, contentOf(bytes));
  manifest = await pushImage(client, from, '1');
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await faulty[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

/** Orders a fault for the next requests of manifests or blobs. */
function order(fault: Fault, times = 1, path = /\/(?:manifests|blobs|tags|_catalog)\b/) {
  faulty.behave();
  faulty.order({ fault, path, times });
}

function requestsSince(start: number) {
  return faulty.log.slice(start);
}

describe('a request', () => {
  test.each([
    ['503', { kind: 'status', status: 503 }],
    ['502', { kind: 'status', status: 502 }],
    ['429 with seconds', tooManyRequests(0)],
    ['429 with a date', tooManyRequests(new Date(Date.now()))],
    ['an answer that is lost', { kind: 'lost-answer' }],
  ] as const)('is sent again after %s', async (_, fault) => {
    order(fault, 2);
    const start = faulty.log.length;
    expect((await client.manifest(from, '1')).descriptor).toEqual(manifest.descriptor);
    expect(requestsSince(start)).toHaveLength(3);
  });

  test('waits as long as Retry-After says', async () => {
    order(tooManyRequests(1));
    const start = performance.now();
    await client.manifest(from, '1');
    expect(performance.now() - start).toBeGreaterThan(950);
  });

  test('is given up at once where Retry-After asks for more than we wait, and says how long', async () => {
    order(tooManyRequests(3600));
    const start = faulty.log.length;
    const failure = { code: 'registry-rate-limited', retryAfterSeconds: 3600, says: 'slow down' };
    await expectFailure(client.manifest(from, '1'), failure as never);
    expect(requestsSince(start)).toHaveLength(1);
    expect(explain({ ...failure, registry: 'r' } as never).advice).toContain('in 60 minutes');
  });

  test('is given up after some attempts, with what the registry says', async () => {
    const fault = { kind: 'status', status: 503, code: 'UNAVAILABLE', message: 'a\u001b[2Jb\nc' };
    order(fault as Fault, Infinity);
    const start = faulty.log.length;
    await expectFailure(client.manifest(from, '1'), {
      code: 'registry-server-error',
      status: 503,
      says: 'a [2Jb c',
    });
    expect(requestsSince(start)).toHaveLength(4);
  });

  test('that nobody answers fails after the time limit', async () => {
    await using impatient = clientFor({
      timeoutMs: 300,
      retryPolicy: { attempts: 1, firstDelayMs: 1, longestDelayMs: 1 },
    });
    await impatient.ping(faulty.host);
    order({ kind: 'stall-request', afterBytes: 0 }, Infinity);
    await expectFailure(impatient.manifest(from, '1'), {
      code: 'registry-unreachable',
      reason: 'timeout',
    });
  });

  test('that is cancelled ends at once, in a wait too', async () => {
    order(tooManyRequests(2), Infinity);
    const signal = AbortSignal.timeout(50);
    const start = performance.now();
    await expectFailure(client.manifest(from, '1', signal), { code: 'cancelled' });
    expect(performance.now() - start).toBeLessThan(1500);
    await expectFailure(client.manifest(from, '1', AbortSignal.abort()), { code: 'cancelled' });
  });
});

describe('a manifest is refused', () => {
  test.each([
    ['by tag, other bytes than announced', '1', { kind: 'wrong-content' }],
    ['by tag, another digest than announced', '1', { kind: 'wrong-digest-header' }],
  ] as const)('%s', async (_, reference, fault) => {
    order(fault, Infinity);
    await expectFailure(client.manifest(from, reference), { code: 'registry-protocol' });
  });

  test('where it is another one than was asked for by digest', async () => {
    faulty.behave();
    const other = await pushImage(client, from, '2');
    order({ kind: 'moved-tag', reference: other.descriptor.digest });
    await expectFailure(client.manifest(from, manifest.descriptor.digest), {
      code: 'registry-protocol',
      problem: `${manifest.descriptor.digest} was asked for, but the content that came is ${other.descriptor.digest}`,
    });
    order({ kind: 'moved-tag', reference: other.descriptor.digest });
    await expectFailure(client.headManifest(from, manifest.descriptor.digest), {
      code: 'registry-protocol',
    });
  });

  test('where a web page comes instead', async () => {
    order({ kind: 'html' });
    await expectFailure(client.manifest(from, '1'), {
      code: 'registry-protocol',
      problem: 'a web page (HTML) came instead of JSON',
    });
    order({ kind: 'html' });
    await expectFailure(listOf(client.tags(from)), {
      code: 'registry-protocol',
      problem: 'a web page (HTML) came instead of JSON',
    });
  });

  test.each([
    ['larger than the limit', { bytes: 5 * 1024 * 1024 }],
    ['of ten gigabytes', { bytes: 10 * 1024 ** 3 }],
  ])('where it is %s, without reading it all', async (_, { bytes }) => {
    order({ kind: 'huge-manifest', bytes, mediaType: mediaTypes.ociManifest });
    const start = faulty.log.length;
    await expectFailure(client.manifest(from, '1'), {
      code: 'registry-protocol',
      problem: 'it is larger than 4194304 bytes',
    });
    expect(requestsSince(start)[0]?.sent).toBeLessThan(40 * 1024 * 1024);
  });

  test('where it never ends', async () => {
    order({ kind: 'endless' });
    await expectFailure(client.manifest(from, '1'), { code: 'registry-protocol' });
  });

  test('where redirections lead in a circle', async () => {
    order({ kind: 'redirect-loop' }, Infinity);
    await expectFailure(client.manifest(from, '1'), {
      code: 'registry-protocol',
      problem: 'it is redirected more than 10 times',
    });
  });
});

describe('a blob', () => {
  test('comes from any offset on, also where the server ignores ranges', async () => {
    for (const offset of [0, 1, 65_536, 299_999, 300_000]) {
      faulty.behave();
      const part = await allOf(client.readBlob(from, blob, offset));
      expect(part.equals(bytes.subarray(offset))).toBe(true);
      order({ kind: 'ignore-range' });
      const again = await allOf(client.readBlob(from, blob, offset));
      expect(again.equals(bytes.subarray(offset))).toBe(true);
    }
  });

  test('that is cut says so, and can be continued', async () => {
    order({ kind: 'cut', afterBytes: 100_000 });
    const chunks: Uint8Array[] = [];
    const reading = (async () => {
      for await (const chunk of client.readBlob(from, blob, 0)) chunks.push(chunk);
    })();
    await expectFailure(reading, { code: 'registry-unreachable', reason: 'interrupted' });
    const got = Buffer.concat(chunks);
    expect(got.byteLength).toBeGreaterThan(0);
    const rest = await allOf(client.readBlob(from, blob, got.byteLength));
    expect(Buffer.concat([got, rest]).equals(bytes)).toBe(true);
  });

  test('that stalls is a timeout', async () => {
    order({ kind: 'stall', afterBytes: 1000 });
    await expectFailure(allOf(client.readBlob(from, blob, 0)), {
      code: 'registry-unreachable',
      reason: 'timeout',
    });
  });

  test('that stalls can be cancelled, and left in the middle', async () => {
    order({ kind: 'stall', afterBytes: 1000 });
    const signal = AbortSignal.timeout(100);
    await expectFailure(allOf(client.readBlob(from, blob, 0, signal)), { code: 'cancelled' });
    for await (const chunk of client.readBlob(from, blob, 0)) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    expect((await allOf(client.readBlob(from, blob, 0))).equals(bytes)).toBe(true);
  });

  test.each<[string, Fault, number]>([
    ['announces more than it has', { kind: 'wrong-length', by: 5 }, 0],
    ['announces less than it has', { kind: 'wrong-length', by: -5 }, 0],
    ['is another part', { kind: 'wrong-content-range', by: 7 }, 100],
    ['never ends', { kind: 'endless' }, 0],
  ])('that %s is refused', async (_, fault, offset) => {
    order(fault);
    let size = 0;
    const reading = (async () => {
      for await (const chunk of client.readBlob(from, blob, offset)) size += chunk.byteLength;
    })();
    await expectFailure(reading, { code: 'registry-protocol' });
    expect(size).toBeLessThanOrEqual(blob.size);
  });

  test('that is not there is not found', async () => {
    faulty.behave();
    const missing = blobOf(randomBytes(4));
    expect(await client.hasBlob(from, missing)).toBe(false);
    await expectFailure(allOf(client.readBlob(from, missing, 0)), {
      code: 'registry-not-found',
      repository: 'app',
      reference: missing.digest,
    });
  });

  test('of another size than its descriptor says is refused', async () => {
    faulty.behave();
    await expectFailure(client.hasBlob(from, { ...blob, size: 5 }), { code: 'registry-protocol' });
    await expectFailure(allOf(client.readBlob(from, { ...blob, size: 5 }, 0)), {
      code: 'registry-protocol',
    });
  });

  test('is read from its foreign URL, from any offset on', async () => {
    faulty.behave();
    const url = `${registry.url}/v2/app/blobs/${blob.digest}`;
    const rest = await allOf(client.readForeign(url, blob, 100));
    expect(rest.equals(bytes.subarray(100))).toBe(true);
    await expectFailure(allOf(client.readForeign(`${url.slice(0, -1)}x`, blob, 0)), {
      code: 'registry-refused',
    });
    for (const unsafe of ['http://example.com/layer', 'file:///etc/passwd', 'nonsense']) {
      await expectFailure(allOf(client.readForeign(unsafe, blob, 0)), {
        code: 'registry-insecure',
      });
    }
  });
});

describe('mirrors', () => {
  test('are asked first, and the registry where they fail', async () => {
    faulty.behave();
    await using mirrored = clientFor({
      mirrors: new Map([
        ['localhost:1', ['127.0.0.1:2', `${faulty.host}/nothing/here/`, faulty.host]],
      ]),
    });
    const place = { registry: 'localhost:1', repository: 'app' };
    const start = faulty.log.length;
    expect((await mirrored.manifest(place, '1')).descriptor).toEqual(manifest.descriptor);
    expect((await allOf(mirrored.readBlob(place, blob, 5))).equals(bytes.subarray(5))).toBe(true);
    expect((await mirrored.headManifest(place, '1'))?.digest).toBe(manifest.descriptor.digest);
    expect(requestsSince(start).map(request => request.path)).toEqual(
      expect.arrayContaining(['/v2/nothing/here/app/manifests/1', '/v2/app/manifests/1']),
    );
    await expectFailure(mirrored.manifest(place, 'missing'), {
      code: 'registry-unreachable',
      registry: 'localhost:1',
      reason: 'refused',
    });
  });
});
