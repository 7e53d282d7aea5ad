import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../electron/engine/content/store.ts';
import { storeImage } from '../engine/image/helpers.ts';
import { newWorkplace, type Workplace } from './process.ts';

const run = promisify(execFile);

let place: Workplace;

beforeAll(async () => {
  place = await newWorkplace();
  await using store = await openStore(place.storeDir);
  await store.names.set('acme/shop:1', await storeImage(store.blobs, ['a.txt']));
});

afterAll(async () => await place.remove());

interface Served {
  readonly address: string;
  readonly out: () => string;
  readonly err: () => string;
  stop(): Promise<number | null>;
}

async function serve(...args: readonly string[]): Promise<Served> {
  const child = place.start(['registry', '--port', '0', ...args]);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  await expect.poll(() => out).toContain('Stop with Ctrl+C.');
  return {
    address: /the registry (\S+)/.exec(out)?.[1] ?? '',
    out: () => out,
    err: () => err,
    async stop() {
      child.kill('SIGINT');
      return (await closed)[0];
    },
  };
}

test('the store is served to skopeo, every request is told, and Ctrl+C ends it cleanly', async () => {
  const served = await serve();
  expect(served.out()).toContain('Clients may only read.');
  expect(served.out()).toContain(`  ${served.address}/acme/shop\n`);
  const remote = `docker://${served.address}/acme/shop:1`;
  const { stdout } = await run('skopeo', ['inspect', '--raw', '--tls-verify=false', remote]);
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 2 });
  await expect
    .poll(served.err)
    .toMatch(/^\d\d:\d\d:\d\d 200 GET \/v2\/acme\/shop\/manifests\/1 sent .* ms/m);
  expect(await served.stop()).toBe(0);
  expect(served.err()).not.toMatch(/error|Warning/);
});

test('a client can push where that is allowed, and what it sends cannot write to the terminal', async () => {
  const served = await serve('--writable');
  const url = `http://${served.address}/v2/acme/new`;
  const put = await fetch(`${url}/manifests/1`, {
    method: 'PUT',
    body: 'no manifest',
    headers: { 'user-agent': 'evil\u009b31m', 'content-type': 'text/plain' },
  });
  expect(put.status).toBe(400);
  await expect.poll(served.err).toContain('400 PUT /v2/acme/new/manifests/1 sent');
  expect(served.err()).not.toContain('\u009b');
  expect(await served.stop()).toBe(0);
});

test('a port that is taken, and a place that the network reaches, are told', async () => {
  const open = await serve('--host', '0.0.0.0', '--quiet');
  expect(open.err()).toMatch(/Warning: there is no login/);
  const port = open.address.split(':')[1] ?? '';
  const second = await place.run(['registry', '--host', '0.0.0.0', '--port', port]);
  expect(second.code).toBe(1);
  expect(second.err).toMatch(/Cannot listen on 0\.0\.0\.0:\d+ \(EADDRINUSE\)/);
  await fetch(`http://127.0.0.1:${port}/v2/`);
  expect(await open.stop()).toBe(0);
  expect(open.err()).not.toContain('GET');
});
