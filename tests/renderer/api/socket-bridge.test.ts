import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket as Peer } from 'ws';
import type { ConnectionState } from '../../../renderer/api/api.ts';
import { socketBridge } from '../../../renderer/api/socket-bridge.ts';
import type { ClientFrame, ServerFrame } from '../../../shared/ipc/bridge.ts';

// Node's own WebSocket is the browser's; the other side is ws, as in the product.
let server: WebSocketServer;
let url: string;

beforeEach(async () => await listen(0));
afterEach(() => stop());

async function listen(port: number): Promise<void> {
  server = new WebSocketServer({ port, host: '127.0.0.1' });
  await new Promise(resolve => server.once('listening', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stop(): void {
  for (const peer of server.clients) peer.terminate();
  server.close();
}

/** Answers every request with its own channel, but `never`. */
function echo(peer: Peer): void {
  peer.on('message', data => {
    const frame = JSON.parse((data as Buffer).toString()) as ClientFrame;
    if (frame.kind !== 'request' || frame.channel === 'never') return;
    const { requestId, channel } = frame;
    const reply: ServerFrame = { kind: 'reply', requestId, reply: { ok: true, value: channel } };
    peer.send(JSON.stringify(reply));
  });
}

test('carries requests, replies and events', async () => {
  server.on('connection', peer => {
    echo(peer);
    const events: ServerFrame = {
      kind: 'events',
      events: [{ event: 'app.command', payload: { command: 'build.start' } }],
    };
    peer.send(JSON.stringify(events));
  });
  const bridge = socketBridge(url);
  const told = new Promise(resolve => bridge.on('app.command', resolve));
  expect(await Promise.all([bridge.invoke('a', {}), bridge.invoke('b', {})])).toEqual([
    { ok: true, value: 'a' },
    { ok: true, value: 'b' },
  ]);
  expect(await told).toEqual({ command: 'build.start' });
});

test('fails what is under way when the connection breaks, and connects again', async () => {
  server.on('connection', echo);
  const bridge = socketBridge(url);
  const states: ConnectionState[] = [];
  bridge.onConnection(state => states.push(state));
  await bridge.invoke('a', {});
  const pending = bridge.invoke('never', {});
  // Let the request go out before the connection breaks.
  await bridge.invoke('b', {});
  const { port } = server.address() as AddressInfo;
  stop();
  expect(await pending).toEqual({ ok: false, failure: { code: 'connection-lost' } });
  await listen(port);
  server.on('connection', echo);
  await expect.poll(() => states, { timeout: 10_000 }).toEqual(['connected', 'lost', 'connected']);
  expect(await bridge.invoke('c', {})).toEqual({ ok: true, value: 'c' });
});

test('gives up, and says so, when the session has ended', async () => {
  server.on('connection', peer => peer.close(4403));
  const bridge = socketBridge(url);
  const state = await new Promise<ConnectionState>(resolve => {
    bridge.onConnection(told => told !== 'connected' && resolve(told));
  });
  expect(state).toBe('refused');
  expect(await bridge.invoke('a', {})).toEqual({ ok: false, failure: { code: 'connection-lost' } });
});

test('does not send a request that was cancelled while there was no connection', async () => {
  const received: string[] = [];
  server.on('connection', peer => {
    peer.on('message', data => received.push((data as Buffer).toString()));
    echo(peer);
  });
  const bridge = socketBridge(url);
  const early = bridge.invoke('a', {}, '1');
  bridge.cancel('1');
  expect(await early).toEqual({ ok: false, failure: { code: 'cancelled' } });
  await bridge.invoke('b', {});
  expect(received.map(text => JSON.parse(text).channel)).toEqual(['b']);
});
