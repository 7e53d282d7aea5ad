import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder that is removed after the test that asked for it. */
export async function tempDir(): Promise<string> {
  const dir = await newTempDir();
  onTestFinished(async () => await rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

/** A new folder; who asks for it removes it. */
export async function newTempDir(): Promise<string> {
  return await realpath(await mkdtemp(path.join(tmpdir(), 'layerwright-test-')));
}
