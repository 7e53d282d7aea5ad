import { mkdir, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Handlers } from '../../../electron/ipc/answer.ts';
import { createEventHub, type EventHub } from '../../../electron/ipc/event-hub.ts';
import { serve, type RunningServer } from '../../../electron/serve.ts';
import { createSessions } from '../../../electron/serve/session.ts';
import { newTempDir } from '../../support/temp-dir.ts';

let dir: string;
let server: RunningServer;
let events: EventHub;
let port: number;
let nextUrl: string;
let cookie: string;

const handlers = {
  'project.recent': async () => [],
  'project.current': async (_input: object, signal: AbortSignal) =>
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('stop', 'AbortError')));
    }),
} as unknown as Handlers;

beforeAll(async () => {
  dir = await newTempDir();
  const bundleDir = path.join(dir, 'renderer');
  await mkdir(bundleDir);
  await writeFile(path.join(bundleDir, 'index.html'), '<title>App</title>');
  await writeFile(path.join(bundleDir, '../secret.html'), 'secret');
  events = createEventHub();
  const onLetIn = (url: string) => (nextUrl = url);
  server = await serve({ bundleDir, handlers, events, onLetIn });
  nextUrl = server.url;
  port = Number(new URL(server.url).port);
  cookie = await letIn();
});

afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Not fetch, which would tidy up paths and set Host itself. */
async function get(urlPath: string, headers: Record<string, string> = {}, method = 'GET') {
  return await new Promise<Answer>((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path: urlPath, headers, method, agent: false },
      response => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => (body += text));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    request.on('error', reject);
    request.end();
  });
}

async function letIn(): Promise<string> {
  const { pathname, search } = new URL(nextUrl);
  const { headers } = await get(pathname + search);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

function open(headers: Record<string, string>, urlPath = '/ipc'): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${port}${urlPath}`, { headers });
}

async function outcome(socket: WebSocket): Promise<string> {
  return await new Promise(resolve => {
    socket.on('unexpected-response', (_request, { statusCode }) => {
      resolve(`status ${statusCode}`);
      socket.terminate();
    });
    socket.on('error', () => undefined);
    socket.on('close', code => resolve(`closed ${code}`));
    socket.on('message', data => resolve((data as Buffer).toString('utf8')));
  });
}

function own(): Record<string, string> {
  return { cookie, origin: `http://127.0.0.1:${port}` };
}

test('explains itself to a browser that was not let in', async () => {
  const { status, body, headers } = await get('/');
  expect([status, headers['set-cookie']]).toEqual([403, undefined]);
  expect(body).toContain('layerwright serve');
});

test('lets a browser in once per token, with a cookie that scripts and other sites cannot use', async () => {
  const { pathname, search } = new URL(nextUrl);
  const first = await get(pathname + search);
  expect(first.status).toBe(200);
  expect(first.headers['set-cookie']?.[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  expect((await get(pathname + search)).status).toBe(403);
  expect(nextUrl).not.toContain(search);
});

test.each(['/?token=', '/?token=wrong', `/?token=${'x'.repeat(5000)}`])(
  'does not let in with %j',
  async urlPath => {
    expect((await get(urlPath)).status).toBe(403);
  },
);

test('serves the bundle with the content policy as a header', async () => {
  const { status, body, headers } = await get('/', { cookie });
  expect([status, body]).toEqual([200, '<title>App</title>']);
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test.each(['evil.example', `evil.example:1`, 'localhost', '127.0.0.1'])(
  'does not answer to the name %j, even with a session',
  async host => {
    expect((await get('/', { cookie, host })).status).toBe(403);
  },
);

test.each(['localhost', '127.0.0.1', 'LOCALHOST'])('answers to %s', async name => {
  expect((await get('/', { cookie, host: `${name}:${port}` })).status).toBe(200);
});

test.each([
  '/../secret.html',
  '/%2e%2e/secret.html',
  '/..%2fsecret.html',
  '/..%5csecret.html',
  '//etc/passwd',
  '/assets/../../secret.html',
  '/index.html/../../secret.html',
])('gives no file outside of the bundle for %s', async urlPath => {
  const { status, body } = await get(urlPath, { cookie });
  expect(status).toBe(404);
  expect(body).not.toContain('secret');
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('does not take %s', async method => {
  expect((await get('/', { cookie }, method)).status).toBe(405);
});

test('answers requests over a WebSocket of its own page', async () => {
  const socket = open(own());
  const frame = { kind: 'request', requestId: '1', channel: 'project.recent', input: {} };
  socket.on('open', () => socket.send(JSON.stringify(frame)));
  const reply = JSON.parse(await outcome(socket));
  expect(reply).toEqual({ kind: 'reply', requestId: '1', reply: { ok: true, value: [] } });
  socket.close();
});

test('cancels a request', async () => {
  const socket = open(own());
  const frame = { kind: 'request', requestId: '1', channel: 'project.current', input: {} };
  socket.on('open', () => {
    socket.send(JSON.stringify(frame));
    socket.send(JSON.stringify({ kind: 'cancel', requestId: '1' }));
  });
  expect(JSON.parse(await outcome(socket)).reply).toEqual({
    ok: false,
    failure: { code: 'cancelled' },
  });
  socket.close();
});

test('tells events', async () => {
  const socket = open(own());
  socket.on('open', () => events.emit('app.command', { command: 'build.start' }));
  expect(JSON.parse(await outcome(socket))).toEqual({
    kind: 'events',
    events: [{ event: 'app.command', payload: { command: 'build.start' } }],
  });
  socket.close();
});

test.each<[string, () => WebSocket, string]>([
  [
    'from a page of another site',
    () => open({ ...own(), origin: 'http://evil.example' }),
    'status 403',
  ],
  ['from another port', () => open({ ...own(), origin: 'http://127.0.0.1:1' }), 'status 403'],
  ['without an origin', () => open({ cookie }), 'status 403'],
  ['under another name', () => open({ ...own(), host: `evil.example:${port}` }), 'status 403'],
  ['at another path', () => open(own(), '/other'), 'status 403'],
  ['without a session', () => open({ origin: `http://127.0.0.1:${port}` }), 'closed 4403'],
])('opens no WebSocket %s', async (_, connectIt, expected) => {
  expect(await outcome(connectIt())).toBe(expected);
});

test.each(['', '{', 'null', '[]', '{"kind":"other"}', '{"kind":"request","requestId":1}'])(
  'ends a connection that says %j',
  async text => {
    const socket = open(own());
    socket.on('open', () => socket.send(text));
    expect(await outcome(socket)).toBe('closed 1007');
  },
);

test('ends a connection that sends more than a request may have', async () => {
  const socket = open(own());
  socket.on('open', () => socket.send(Buffer.alloc(49 * 1024 * 1024, 0x20)));
  expect(await outcome(socket)).toMatch(/^closed (1009|1006)$/);
});

test('survives noise that is not HTTP', async () => {
  const noise = connect(port, '127.0.0.1');
  noise.on('error', () => undefined);
  noise.resume();
  noise.end('\0\0\0 nonsense\r\n\r\n');
  await new Promise(resolve => noise.on('close', resolve));
  expect((await get('/', { cookie })).status).toBe(200);
});

test('ends sessions that nobody used for a while, and the oldest of too many', () => {
  let time = 0;
  const sessions = createSessions(1000, () => time);
  const enter = () => sessions.exchange(sessions.newToken());
  const first = enter();
  time = 900;
  expect(sessions.isOpen(first)).toBe(true);
  time = 2000;
  expect(sessions.isOpen(first)).toBe(false);
  const oldest = enter();
  for (let count = 0; count < 16; count++) enter();
  expect(sessions.isOpen(oldest)).toBe(false);
});

test('says goodbye to clients when it stops, and frees the port', async () => {
  const bundleDir = dir;
  const other = await serve({ bundleDir, handlers, events });
  const url = new URL(other.url);
  const answer = await fetch(url);
  const session = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${url.host}/ipc`, {
    headers: { cookie: session, origin: url.origin },
  });
  const ended = outcome(socket);
  await new Promise(resolve => socket.once('open', resolve));
  await other.close();
  expect(await ended).toBe('closed 1001');
  const again = await serve({ bundleDir, handlers, events, port: Number(url.port) });
  await again.close();
});

test('says that a port is taken', async () => {
  await expect(serve({ bundleDir: '.', handlers, events, port })).rejects.toMatchObject({
    failure: { code: 'file-system', errno: 'EADDRINUSE' },
  });
});
