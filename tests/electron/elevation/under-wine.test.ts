import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { provideWine, windowsPath, type Wine } from '../../support/wine.ts';

let root: string;
let wine: Wine;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'layerwright-pipe-'));
  wine = await provideWine();
}, 180_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
});

it('window and engine talk over a named pipe of Windows, and nobody else gets an answer', async () => {
  const script = path.join(import.meta.dirname, 'wine-window.ts');
  const { code, stdout } = await wine.run(script, [windowsPath(path.join(root, 'store'))]);
  expect(stdout.trim().split(/\r?\n/)).toEqual([
    'intruder heard no answer',
    'pipe named',
    'engine on win32',
    'engine ended with 0',
  ]);
  expect(code).toBe(0);
}, 90_000);
