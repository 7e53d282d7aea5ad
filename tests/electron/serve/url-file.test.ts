import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runServe } from '../../../electron/serve/run.ts';
import { productDir, provideBundles } from '../../support/bundled.ts';
import { newTempDir } from '../../support/temp-dir.ts';

let dir: string;
beforeEach(async () => {
  await provideBundles();
  dir = await newTempDir();
}, 60_000);
afterEach(async () => await rm(dir, { recursive: true, force: true, maxRetries: 5 }));

const text = async (file: string) => await readFile(file, 'utf8').catch(() => '');

test('the file always holds the next address, for this user alone, and goes with the server', async () => {
  const urlFile = path.join(dir, 'address');
  const stop = new AbortController();
  const served = runServe(
    {
      storeDir: path.join(dir, 'store'),
      productDir,
      roots: [dir],
      urlFile,
      write: () => undefined,
    },
    stop.signal,
  );
  await expect.poll(() => text(urlFile)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\S+\n$/);
  expect((await stat(urlFile)).mode & 0o777).toBe(0o600);
  const first = await text(urlFile);
  const letIn = await fetch(first.trim(), { redirect: 'manual' });
  expect(letIn.headers.get('set-cookie')).toBeTruthy();
  await expect.poll(() => text(urlFile)).not.toBe(first);
  const again = await fetch(first.trim(), { redirect: 'manual' });
  expect(again.headers.get('set-cookie')).toBeNull();
  const next = await fetch((await text(urlFile)).trim(), { redirect: 'manual' });
  expect(next.headers.get('set-cookie')).toBeTruthy();
  stop.abort();
  await served;
  expect(await text(urlFile)).toBe('');
}, 30_000);

test('a file that cannot be written ends the server, and says so', async () => {
  const urlFile = path.join(dir, 'missing', 'address');
  const { signal } = new AbortController();
  const options = { storeDir: path.join(dir, 'store'), productDir, roots: [dir], urlFile };
  await expect(runServe({ ...options, write: () => undefined }, signal)).rejects.toMatchObject({
    failure: { code: 'file-system', path: urlFile, operation: 'write', errno: 'ENOENT' },
  });
}, 30_000);
