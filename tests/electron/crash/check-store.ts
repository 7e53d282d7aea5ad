import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '../../../electron/engine/content/store.ts';
import { createBuildArchive } from '../../../electron/engine/state/build-archive.ts';
import { openState } from '../../../electron/engine/state/state.ts';
import { verifyStore } from '../../../electron/engine/storage/verify.ts';
import type { Digest } from '../../../shared/oci/digest.ts';

/** What a store is found to hold when nobody works in it. */
export interface Found {
  readonly blobs: ReadonlySet<Digest>;
  readonly names: readonly string[];
  /** What is wrong, in words; empty for a sound store. */
  readonly problems: readonly string[];
}

/** Opens the store as the next start would, and checks all of it. No other process has it open. */
export async function checkStore(storeDir: string): Promise<Found> {
  await using store = await openStore(storeDir);
  const { report, sound } = await verifyStore(store);
  const names = (await store.names.list()).map(({ reference }) => reference ?? '');
  const left = await readdir(join(storeDir, 'ingest'));
  using alone = store.lock.tryExclusive();
  return {
    blobs: new Set(sound.keys()),
    names,
    problems: [
      ...report.faults.map(fault => JSON.stringify(fault)),
      ...left.map(name => `left over in ingest: ${name}`),
      ...(alone === undefined ? ['a lock is still held'] : []),
      ...(await historyProblems(storeDir)),
    ],
  };
}

async function historyProblems(storeDir: string): Promise<readonly string[]> {
  const state = openState(storeDir);
  const problems: string[] = [];
  try {
    const archive = createBuildArchive(state);
    const { builds } = archive.list({ offset: 0, limit: 1000 });
    for (const { buildId, status } of builds) {
      if (status === 'running') problems.push(`build ${buildId} is said to run`);
      try {
        await archive.eventsSince(buildId, 0, 1000);
        await archive.logs.page(buildId, { fromLine: 0, count: 1000 });
      } catch (error) {
        problems.push(`build ${buildId} cannot be read: ${String(error)}`);
      }
    }
  } finally {
    await state.close();
  }
  return problems;
}
