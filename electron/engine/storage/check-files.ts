import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoreFault } from '../../../shared/ipc/storage-views.ts';
import { isDigest } from '../../../shared/oci/digest.ts';
import { readIndexFile } from '../layer/index-file.ts';
import { openIndex } from '../layer/layer-index.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { namesIn } from './folders.ts';

/** Checks what lies beside the blobs: indexes of layers, databases, and files that do not belong there. */
export async function checkFiles(
  storeDir: string,
  signal?: AbortSignal,
): Promise<readonly StoreFault[]> {
  return [
    ...(await strayFiles(storeDir)),
    ...(await checkIndexes(storeDir, signal)),
    ...(await checkDatabases(storeDir)),
  ];
}

async function strayFiles(storeDir: string): Promise<readonly StoreFault[]> {
  const dir = join(storeDir, 'blobs', 'sha256');
  const names = await readdir(dir);
  return names
    .filter(name => !isDigest(`sha256:${name}`))
    .map(name => ({ kind: 'stray-file', path: join(dir, name) }));
}

async function checkIndexes(
  storeDir: string,
  signal: AbortSignal | undefined,
): Promise<readonly StoreFault[]> {
  const faults: StoreFault[] = [];
  const dir = join(storeDir, 'layer-index');
  for (const name of await namesIn(dir)) {
    throwIfCancelled(signal);
    const diffId = `sha256:${name}`;
    if (!isDigest(diffId)) continue;
    const path = join(dir, name);
    const data = await readIndexFile(path);
    const index = data && openIndex(data);
    if (index?.diffId === diffId) continue;
    faults.push({ kind: 'cache-damaged', path, problem: 'it is not the index of that layer' });
  }
  return faults;
}

async function checkDatabases(storeDir: string): Promise<readonly StoreFault[]> {
  const faults: StoreFault[] = [];
  const history = join(storeDir, 'state', 'history.db');
  const problem = problemOfDatabase(history);
  if (problem !== undefined) faults.push({ kind: 'history-damaged', path: history, problem });
  const caches = [storeDir, join(storeDir, 'cache')];
  for (const dir of caches) {
    for (const name of await namesIn(dir)) {
      // The lock holds no data, and looking at it would drop this process's own locks on it.
      if (!/\.(?:sqlite|db)$/.test(name) || name === 'lock.sqlite') continue;
      const path = join(dir, name);
      const wrong = problemOfDatabase(path);
      if (wrong !== undefined) faults.push({ kind: 'cache-damaged', path, problem: wrong });
    }
  }
  return faults;
}

/** What SQLite's own check says (https://www.sqlite.org/pragma.html#pragma_quick_check); undefined where all is well. */
function problemOfDatabase(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 5000 });
    const row = database.prepare('PRAGMA quick_check(1)').get();
    const answer = String(row?.['quick_check']);
    return answer === 'ok' ? undefined : answer;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    database?.close();
  }
}
