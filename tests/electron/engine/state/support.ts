import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { buildRequestSchema, type BuildRequest } from '../../../../shared/ipc/build-request.ts';
import { openState, type State } from '../../../../electron/engine/state/state.ts';

/** A folder that is removed when the test ends. */
export async function newDir(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-state-'));
  onTestFinished(async () => await rm(dir, { recursive: true, force: true }));
  return dir;
}

/** The state of the store in `storeDir`, closed when the test ends. */
export function opened(storeDir: string): State {
  const state = openState(storeDir);
  onTestFinished(async () => await state.close());
  return state;
}

export function requestFor(contextDir: string, tags: readonly string[] = []): BuildRequest {
  return buildRequestSchema.parse({ contextDir, tags });
}
