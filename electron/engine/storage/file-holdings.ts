import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HoldingKind } from '../../../shared/ipc/storage-views.ts';
import { isDigest, shortDigest, type Digest } from '../../../shared/oci/digest.ts';
import { withFailure } from '../content/file-system.ts';
import type { Holding, HoldingProvider } from '../content/holding.ts';
import { leftOverAfter } from '../content/sweep-asides.ts';
import { entriesIn, type Entry } from './folders.ts';

/** Files that are each made from one layer and named by its diff ID, in one folder of the store. */
export function layerFileHoldings(
  storeDir: string,
  kind: 'layer-index' | 'layer-cache',
  now: () => number = Date.now,
): HoldingProvider {
  const dir = join(storeDir, kind);
  const what = kind === 'layer-index' ? 'index of layer' : 'unpacked layer';
  return {
    async list(signal) {
      const entries = await entriesIn(dir, signal);
      return entries.map(entry => {
        const diffId = diffIdOf(entry);
        const named =
          diffId === undefined ? `left over: ${entry.name}` : `${what} ${shortDigest(diffId)}`;
        const holding = fileHolding(kind, entry, named);
        if (diffId !== undefined) return { ...holding, derivedFrom: diffId };
        const isOld = now() - entry.writtenAt > leftOverAfter;
        return isOld ? { ...holding, unused: true } : { ...holding, kept: 'in-use' };
      });
    },
    remove: async holdings => await removeFiles(dir, holdings),
  };
}

/** What lies in folders that only their owner may change, such as what a backend keeps. */
export function foreignHoldings(kind: HoldingKind, dirs: readonly string[]): HoldingProvider {
  return {
    async list(signal) {
      const listed: Holding[] = [];
      for (const dir of dirs) {
        for (const entry of await entriesIn(dir, signal)) {
          listed.push({ ...fileHolding(kind, entry, entry.path), kept: 'in-use' });
        }
      }
      return listed;
    },
    remove: async () => undefined,
  };
}

export function fileHolding(kind: HoldingKind, entry: Entry, title: string): Holding {
  return { kind, holdingId: entry.name, title, bytes: entry.bytes, lastUsedAt: entry.writtenAt };
}

/** Removes files or folders in `dir` that holdings are named by. */
export async function removeFiles(dir: string, holdings: readonly Holding[]): Promise<void> {
  for (const { holdingId } of holdings) {
    const path = join(dir, holdingId);
    await withFailure('remove', path, async () => rm(path, { recursive: true, force: true }));
  }
}

function diffIdOf({ name }: Entry): Digest | undefined {
  const diffId = `sha256:${name}`;
  return isDigest(diffId) ? diffId : undefined;
}
