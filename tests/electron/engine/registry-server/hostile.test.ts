import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import { startRegistry } from '../../../../electron/engine/registry-server/registry-server.ts';
import { bytesOf, describeBytes, failureFrom, filesBelow } from '../content/helpers.ts';
import { outcomeOf, serveStore, type ServedStore } from './helpers.ts';

async function socketTo({ registry }: ServedStore): Promise<Socket> {
  const [host = '', port = ''] = registry.host.split(':');
  const socket = connect(Number(port), host);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends text as it is and gives all that comes until the server ends the connection. */
async function raw(served: ServedStore, text: string): Promise<string> {
  const socket = await socketTo(served);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

function get(served: ServedStore, path: string, headers: readonly string[] = []): string {
  const lines = [`Host: ${served.registry.host}`, 'Connection: close', ...headers];
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

describe('whoever is let in', () => {
  test('names this server as the host', async () => {
    const served = await serveStore();
    const port = served.registry.host.split(':')[1];
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      const text = `GET /v2/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect(await raw(served, text)).toMatch(/^HTTP\/1.1 200 /);
    }
    for (const host of [`evil.example:${port}`, 'localhost', 'localhost:1', '']) {
      const text = `GET /v2/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect([host, (await raw(served, text)).slice(0, 12)]).toEqual([host, 'HTTP/1.1 403']);
    }
  });

  test('is no web page', async () => {
    const served = await serveStore({ writable: true });
    const { ask } = served;
    const headers = { origin: 'https://evil.example' };
    const post = await ask('app/blobs/uploads/', { method: 'POST', headers });
    expect(await outcomeOf(post)).toBe('403 DENIED');
    const image = ['Sec-Fetch-Site: cross-site'];
    expect(await raw(served, get(served, '/v2/_catalog', image))).toMatch(/^HTTP\/1.1 403 /);
  });
});

describe('paths', () => {
  test.each([
    '/',
    '/v1/',
    '/v2/../index.json',
    '/v2/app/manifests/',
    '/v2/app/manifests/../../../../etc/passwd',
    '/v2/app/manifests/..',
    '/v2/%2e%2e/%2e%2e/blobs/x',
    '/v2/app/blobs/%00',
    '/v2/app/blobs/%E0%A4%A',
    '/v2//app//manifests/1',
    '/v2/app/tags/list/x',
    '/v2/constructor/manifests/__proto__',
    `/v2/${'a'.repeat(8000)}/manifests/1`,
  ])('that name nothing are refused: %s', async path => {
    const served = await serveStore();
    expect(await raw(served, get(served, path))).toMatch(/^HTTP\/1.1 40[04] /);
  });
});

describe('methods', () => {
  test.each(['POST', 'TRACE', 'OPTIONS', 'constructor'])(
    'that are not answered: %s',
    async method => {
      const served = await serveStore({ writable: true });
      const text = get(served, '/v2/').replace('GET', method);
      expect(await raw(served, text)).toMatch(/^HTTP\/1.1 40[05] /);
    },
  );
});

describe('clients that misbehave', () => {
  test('are let go of when they send their head too slowly or nothing at all', async () => {
    const served = await serveStore({ connectionIdle: 100 });
    const socket = await socketTo(served);
    socket.write('GET /v2/ HTTP/1.1\r\nHost: ');
    await once(socket.resume(), 'close');
    const silent = await socketTo(served);
    await once(silent.resume(), 'close');
  });

  test('that stop sending in a chunk lose the connection, not the upload', async () => {
    const served = await serveStore({ writable: true, connectionIdle: 100 });
    const opened = await served.ask('app/blobs/uploads/', { method: 'POST' });
    const place = opened.headers.get('location') ?? '';
    const head = `PATCH ${place} HTTP/1.1\r\nHost: ${served.registry.host}\r\nContent-Length: 10\r\n\r\n`;
    await raw(served, `${head}hel`);
    const path = place.replace('/v2/', '');
    await expect.poll(async () => (await served.ask(path)).headers.get('range')).toBe('0-2');
    const digest = digestOf('hello');
    const put = await served.ask(`${path}?digest=${digest}`, { method: 'PUT', body: 'lo' });
    expect(put.status).toBe(201);
  });

  test('that go away in the middle of an answer leave nothing open', async () => {
    const served = await serveStore();
    const content = 'x'.repeat(20_000_000);
    const blob = describeBytes(content);
    await served.store.blobs.write(blob, bytesOf(content));
    const socket = await socketTo(served);
    socket.write(get(served, `/v2/app/blobs/${blob.digest}`));
    await once(socket, 'data');
    socket.destroy();
    await expect.poll(() => served.log.length).toBe(1);
    expect(served.log[0]?.sent).toBeLessThan(content.length);
    expect(served.log[0]).not.toHaveProperty('error');
  });

  test('get an answer though they send what nobody wants', async () => {
    const served = await serveStore();
    const answer = await served.ask('app/blobs/uploads/', {
      method: 'POST',
      body: Buffer.alloc(500_000),
    });
    expect(await outcomeOf(answer)).toBe('405 UNSUPPORTED');
  });

  test('cannot send to one upload from two sides', async () => {
    const served = await serveStore({ writable: true });
    const opened = await served.ask('app/blobs/uploads/', { method: 'POST' });
    const place = opened.headers.get('location') ?? '';
    const socket = await socketTo(served);
    const head = `PATCH ${place} HTTP/1.1\r\nHost: ${served.registry.host}\r\nContent-Length: 10\r\n\r\n`;
    socket.write(`${head}hel`);
    const path = place.replace('/v2/', '');
    await expect.poll(async () => (await served.ask(path)).headers.get('range')).toBe('0-2');
    const second = await served.ask(path, { method: 'PATCH', body: 'xyz' });
    expect(await outcomeOf(second)).toBe('409 BLOB_UPLOAD_INVALID');
  });
});

describe('stopping', () => {
  test('ends what is under way after a grace, removes unfinished uploads and frees the port', async () => {
    const served = await serveStore({ writable: true });
    const opened = await served.ask('app/blobs/uploads/', { method: 'POST' });
    const place = opened.headers.get('location') ?? '';
    const socket = await socketTo(served);
    const head = `PATCH ${place} HTTP/1.1\r\nHost: ${served.registry.host}\r\nContent-Length: 10\r\n\r\n`;
    socket.write(`${head}hel`);
    await expect
      .poll(async () => (await served.ask(place.replace('/v2/', ''))).headers.get('range'))
      .toBe('0-2');
    await served.registry.close(10);
    expect((await filesBelow(served.store.dir)).filter(file => file.startsWith('ingest/'))).toEqual(
      [],
    );
    using lock = served.store.lock.tryExclusive();
    expect(lock).toBeDefined();
    const port = Number(served.registry.host.split(':')[1]);
    await using again = await startRegistry({ store: served.store, port });
    expect(again.host).toBe(served.registry.host);
  });

  test('a port that is taken is told as such', async () => {
    const served = await serveStore();
    const port = Number(served.registry.host.split(':')[1]);
    const failure = await failureFrom(startRegistry({ store: served.store, port }));
    expect(failure).toMatchObject({
      code: 'file-system',
      operation: 'listen on',
      errno: 'EADDRINUSE',
    });
  });
});
