import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findElectron } from '../../../electron/start/electron-binary.ts';
import { isStale } from '../../../electron/start/stale.ts';
import { tempDir } from '../../support/temp-dir.ts';

afterEach(() => vi.unstubAllEnvs());

async function electronPackage(installer: string): Promise<string> {
  const dir = await tempDir();
  await writeFile(path.join(dir, 'install.js'), installer);
  // Nobody listens there, so the probe fails at once and no test reaches the network.
  vi.stubEnv('ELECTRON_MIRROR', 'http://127.0.0.1:9/');
  return dir;
}

test('finds the program of Electron where its package has it', async () => {
  const dir = await electronPackage('process.exit(1)');
  await mkdir(path.join(dir, 'dist'));
  await writeFile(path.join(dir, 'path.txt'), 'electron');
  await writeFile(path.join(dir, 'dist/electron'), '');
  expect(await findElectron(dir)).toEqual({ kind: 'found', file: path.join(dir, 'dist/electron') });
});

test("lets the package's own installer fetch it, which may know a proxy or have it cached", async () => {
  const dir = await electronPackage(`
    const fs = require('node:fs');
    fs.mkdirSync(__dirname + '/dist');
    fs.writeFileSync(__dirname + '/path.txt', 'electron');
    fs.writeFileSync(__dirname + '/dist/electron', '');
  `);
  expect(await findElectron(dir)).toMatchObject({ kind: 'found' });
});

test('says so in one line where it cannot be fetched', async () => {
  const found = await findElectron(await electronPackage('process.exit(1)'));
  expect(found).toEqual({
    kind: 'missing',
    reason: 'Electron is not installed here and cannot be downloaded.',
  });
});

test('bundles again when a source is newer than the bundles, was added or was removed', async () => {
  const dir = await tempDir();
  const stamp = path.join(dir, 'stamp');
  const source = path.join(dir, 'shared/a.ts');
  await mkdir(path.dirname(source));
  await writeFile(source, '');
  expect(await isStale(dir, stamp)).toBe(true);

  const set = async (file: string, seconds: number) => await utimes(file, seconds, seconds);
  await writeFile(stamp, '');
  await set(stamp, 2000);
  await set(source, 1000);
  await set(path.dirname(source), 1000);
  expect(await isStale(dir, stamp)).toBe(false);

  await set(source, 3000);
  expect(await isStale(dir, stamp)).toBe(true);
  await set(source, 1000);
  await set(path.dirname(source), 3000);
  expect(await isStale(dir, stamp)).toBe(true);
});
