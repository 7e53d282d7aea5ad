import { randomUUID } from 'node:crypto';
import { rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../content/file-system.ts';
import type { Host } from '../../../../shared/windows/host-compatibility.ts';
import type { Libraries } from '../../win32/libraries.ts';
import type { HostFacts, StoreFacts } from './facts.ts';
import { readWindowsFacts } from './read-windows.ts';
import { readVolume } from './read-volume.ts';

interface Machine {
  readonly host: Host;
  readonly storeDir: string;
  readonly nodeVersion: string;
  readonly libraries: Libraries;
}

/** Finds out what there is to know about this machine. Never fails: what cannot be found out is undefined. */
export async function readHostFacts(machine: Machine): Promise<HostFacts> {
  const { host, storeDir, nodeVersion, libraries } = machine;
  const store = await readStore(storeDir, host, libraries);
  if (host.kind !== 'windows') return { host, store, nodeVersion };
  return { host, store, nodeVersion, windows: await readWindowsFacts(libraries) };
}

async function readStore(dir: string, host: Host, libraries: Libraries): Promise<StoreFacts> {
  const there = await nearestFolder(dir);
  const writeError = await tryToWrite(there);
  if (host.kind === 'windows') {
    const volume = await readVolume(libraries.kernel32, there).catch(() => undefined);
    return {
      dir,
      writeError,
      free: volume?.free,
      total: volume?.total,
      fileSystem: volume?.fileSystem,
    };
  }
  const space = await statfs(there).catch(() => undefined);
  return {
    dir,
    writeError,
    free: space && space.bavail * space.bsize,
    total: space && space.blocks * space.bsize,
    fileSystem: undefined,
  };
}

/** The store is made when it is first used; until then the folder above it tells. */
async function nearestFolder(dir: string): Promise<string> {
  const above = path.dirname(dir);
  const isThere = await stat(dir).then(
    stats => stats.isDirectory(),
    () => false,
  );
  return isThere || above === dir ? dir : await nearestFolder(above);
}

/** Writes a file and removes it: rights alone do not tell of a read-only disk. */
async function tryToWrite(dir: string): Promise<string | undefined> {
  const file = path.join(dir, `.layerwright-check-${randomUUID()}`);
  try {
    await writeFile(file, '');
    return undefined;
  } catch (error) {
    return errnoOf(error) ?? 'unknown';
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}
