import { createHash } from 'node:crypto';
import { fetch, type Response } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDockerRegistry, type DockerRegistry } from './docker-registry.ts';
import { startFaultyRegistry, startFaultyStore, type FaultyRegistry } from './faulty-registry.ts';
import { tooManyRequests, unauthorized, type Fault } from './faults.ts';

const content = Buffer.alloc(100_000, 'layer');
const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
const octets = { 'content-type': 'application/octet-stream' };
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

let upstream: DockerRegistry;
let registry: FaultyRegistry;

beforeAll(async () => {
  upstream = await startDockerRegistry();
  registry = await startFaultyRegistry(upstream.url);
  await pushBlob(content);
  for (const [tag, annotations] of Object.entries({ one: { is: 'one' }, two: { is: 'two' } })) {
    const config = { mediaType: 'application/json', digest, size: content.length };
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config,
      layers: [],
      annotations,
    });
    const headers = { 'content-type': manifestType };
    const put = { method: 'PUT', headers, body };
    expect((await fetch(`${registry.url}/v2/app/manifests/${tag}`, put)).status).toBe(201);
  }
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

beforeEach(() => registry.behave());

async function opened(): Promise<string> {
  const answer = await fetch(`${registry.url}/v2/app/blobs/uploads/`, { method: 'POST' });
  return answer.headers.get('location') ?? '';
}

async function pushBlob(body: Buffer): Promise<Response> {
  const place = new URL(await opened());
  expect(place.host).toBe(registry.host);
  place.searchParams.set('digest', `sha256:${createHash('sha256').update(body).digest('hex')}`);
  return await fetch(place, { method: 'PUT', body });
}

async function blob(fault: Fault, headers: Record<string, string> = {}): Promise<Response> {
  registry.order({ path: /\/blobs\/sha256:/, fault });
  return await fetch(`${registry.url}/v2/app/blobs/${digest}`, { headers, redirect: 'manual' });
}

async function manifest(fault: Fault): Promise<Response> {
  registry.order({ path: /\/manifests\//, fault });
  const headers = { accept: manifestType };
  return await fetch(`${registry.url}/v2/app/manifests/one`, { headers, redirect: 'manual' });
}

async function bytesUntilCut(response: Response): Promise<number> {
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).byteLength;
  } catch {
    return bytes;
  }
  throw new Error('the answer was not cut');
}

describe('faulty registry', () => {
  test('passes everything on unharmed while nothing is ordered, and logs it', async () => {
    const before = registry.log.length;
    const answer = await fetch(`${registry.url}/v2/app/blobs/${digest}`, {
      headers: { range: 'bytes=10-19' },
    });
    expect([answer.status, await answer.text()]).toEqual([206, String(content.subarray(10, 20))]);
    expect(registry.log.slice(before)).toMatchObject([
      {
        method: 'GET',
        path: `/v2/app/blobs/${digest}`,
        headers: { range: 'bytes=10-19' },
        received: 0,
        status: 206,
        sent: 10,
        fault: undefined,
      },
    ]);
  });

  test('hits only as many requests as ordered, after those that pass, of the method ordered', async () => {
    const fault: Fault = { kind: 'status', status: 503 };
    registry.order({ path: /\/v2\/$/, method: 'GET', after: 1, times: 2, fault });
    const statuses: number[] = [];
    for (const method of ['GET', 'HEAD', 'GET', 'GET', 'GET']) {
      statuses.push((await fetch(`${registry.url}/v2/`, { method })).status);
    }
    expect(statuses).toEqual([200, 200, 503, 503, 200]);
  });

  test('cuts an answer after so many bytes', async () => {
    expect(await bytesUntilCut(await blob({ kind: 'cut', afterBytes: 4321 }))).toBe(4321);
    expect(await bytesUntilCut(await blob({ kind: 'cut', afterBytes: 0 }))).toBe(0);
  });

  test('stalls after so many bytes and keeps the connection open', async () => {
    const answer = await blob({ kind: 'stall', afterBytes: 1000 });
    let bytes = 0;
    for await (const chunk of answer.body ?? []) {
      bytes += (chunk as Uint8Array).byteLength;
      if (bytes >= 1000) break;
    }
    expect(bytes).toBe(1000);
  });

  test('trickles, and everything arrives', async () => {
    const answer = await blob({ kind: 'trickle', bytes: 20_000, milliseconds: 1 });
    expect((await answer.arrayBuffer()).byteLength).toBe(content.length);
  });

  test('changes content, digests and lengths', async () => {
    const changed = Buffer.from(await (await blob({ kind: 'wrong-content' })).arrayBuffer());
    expect([changed.length, changed.equals(content)]).toEqual([content.length, false]);
    const lied = await manifest({ kind: 'wrong-digest-header' });
    expect(lied.headers.get('docker-content-digest')).toBe(`sha256:${'0'.repeat(64)}`);
    const longer = await blob({ kind: 'wrong-length', by: 10 });
    expect(longer.headers.get('content-length')).toBe(String(content.length + 10));
    expect(await bytesUntilCut(longer)).toBe(content.length);
    const shorter = await blob({ kind: 'wrong-length', by: -10 });
    expect((await shorter.arrayBuffer()).byteLength).toBe(content.length - 10);
  });

  test('sends without end', async () => {
    const answer = await blob({ kind: 'endless' });
    expect(answer.headers.get('content-length')).toBe(null);
    let bytes = 0;
    for await (const chunk of answer.body ?? []) {
      bytes += (chunk as Uint8Array).byteLength;
      if (bytes > 10 * content.length) break;
    }
    expect(bytes).toBeGreaterThan(10 * content.length);
  });

  test('answers with pages, huge manifests, redirects and errors instead', async () => {
    const page = await manifest({ kind: 'html' });
    expect(page.headers.get('content-type')).toBe('text/html');
    const bytes = 1_000_000;
    const huge = await manifest({ kind: 'huge-manifest', bytes, mediaType: manifestType });
    const text = await huge.text();
    expect([text.length, Object.keys(JSON.parse(text) as object)]).toEqual([
      bytes,
      ['schemaVersion', 'mediaType', 'annotations'],
    ]);
    const loop = await blob({ kind: 'redirect-loop' });
    expect([loop.status, loop.headers.get('location')]).toEqual([302, loop.url]);
    const away = await blob({ kind: 'redirect', origin: 'http://elsewhere:1' });
    expect(away.headers.get('location')).toBe(`http://elsewhere:1/v2/app/blobs/${digest}`);
    const slow = await blob(tooManyRequests(7));
    expect([slow.status, slow.headers.get('retry-after')]).toEqual([429, '7']);
    const date = new Date(0);
    const slowUntil = await blob(tooManyRequests(date));
    expect(slowUntil.headers.get('retry-after')).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
    const refused = await blob(unauthorized('Bearer realm="x"'));
    expect([refused.status, refused.headers.get('www-authenticate'), await refused.json()]).toEqual(
      [
        401,
        'Bearer realm="x"',
        { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] },
      ],
    );
  });

  test('moves a tag', async () => {
    expect(await (await manifest({ kind: 'moved-tag', reference: 'two' })).json()).toMatchObject({
      annotations: { is: 'two' },
    });
  });

  test('ignores ranges and lies about them', async () => {
    const range = { range: 'bytes=10-19' };
    const whole = await blob({ kind: 'ignore-range' }, range);
    expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, content.length]);
    const shifted = await blob({ kind: 'wrong-content-range', by: 5 }, range);
    expect([shifted.headers.get('content-range'), await shifted.text()]).toEqual([
      `bytes 15-24/${content.length}`,
      String(content.subarray(10, 20)),
    ]);
  });

  test('cuts a request', async () => {
    const place = await opened();
    registry.order({ path: /uploads/, fault: { kind: 'cut-request', afterBytes: 30_000 } });
    const patch = { method: 'PATCH', headers: octets, body: content };
    await expect(fetch(place, patch)).rejects.toThrow();
    expect(registry.log.at(-1)).toMatchObject({
      received: 30_000,
      status: 0,
      fault: 'cut-request',
    });
  });

  test('stalls in the middle of a request', async () => {
    const place = await opened();
    registry.order({ path: /uploads/, fault: { kind: 'stall-request', afterBytes: 30_000 } });
    const stop = new AbortController();
    const { signal } = stop;
    const pending = fetch(place, { method: 'PATCH', headers: octets, body: content, signal });
    await expect.poll(() => registry.log.at(-1)?.received).toBe(30_000);
    stop.abort();
    await expect(pending).rejects.toThrow();
  });

  test('does what is asked but loses the answer', async () => {
    const other = Buffer.from('lost');
    registry.order({ method: 'PUT', path: /uploads/, fault: { kind: 'lost-answer' } });
    await expect(pushBlob(other)).rejects.toThrow();
    const lost = `sha256:${createHash('sha256').update(other).digest('hex')}`;
    expect((await fetch(`${registry.url}/v2/app/blobs/${lost}`, { method: 'HEAD' })).status).toBe(
      200,
    );
  });
});

describe('faulty registry over a store', () => {
  test('keeps what came before a request was cut, and lets the client go on from there', async () => {
    await using faulty = await startFaultyStore();
    const begun = await fetch(`${faulty.url}/v2/app/blobs/uploads/`, { method: 'POST' });
    const place = `${faulty.url}${begun.headers.get('location') ?? ''}`;
    faulty.order({ path: /uploads/, fault: { kind: 'cut-request', afterBytes: 30_000 } });
    const patch = { method: 'PATCH', headers: octets, body: content };
    await expect(fetch(place, patch)).rejects.toThrow();
    await expect.poll(async () => (await fetch(place)).headers.get('range')).toBe('0-29999');
    const body = content.subarray(30_000);
    const put = await fetch(`${place}?digest=${digest}`, { method: 'PUT', headers: octets, body });
    expect(put.status).toBe(201);
    expect(faulty.log.at(-1)?.received).toBe(70_000);
  });
});
