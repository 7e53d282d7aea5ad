import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../../shared/oci/digest.ts';
import { openStepRecords, recordsFile } from '../build/cache/open-records.ts';
import type { StepRecord, StepRecords } from '../build/cache/step-records.ts';
import type { Holding, HoldingProvider } from '../content/holding.ts';
import type { Store } from '../content/store.ts';
import { fileHolding, removeFiles } from './file-holdings.ts';
import { entriesIn } from './folders.ts';

/** What steps of builds made, remembered by key. A record whose layer is gone is of no use. */
export function stepCacheHoldings(store: Store): HoldingProvider {
  return {
    list: async signal =>
      await withRecords(store.dir, [], async records => {
        const listed: Holding[] = [];
        for (const record of records.list()) listed.push(await holdingOf(record, store, signal));
        return listed;
      }),
    remove: async holdings =>
      await withRecords(store.dir, undefined, async records => {
        records.drop(
          holdings.map(({ holdingId }) => holdingId),
          Date.now(),
        );
      }),
  };
}

/** Records as earlier versions wrote them, a small file each: nobody reads them any more. */
export function oldStepHoldings(storeDir: string): HoldingProvider {
  const dir = join(storeDir, 'cache', 'steps');
  return {
    async list(signal) {
      const entries = await entriesIn(dir, signal);
      return entries.map(entry => ({
        ...fileHolding('build-cache', entry, `step in an old form (${entry.name.slice(0, 12)})`),
        unused: true,
      }));
    },
    remove: async holdings => await removeFiles(dir, holdings),
  };
}

/** The layers that records need. Whoever removes single images keeps those of other builds. */
export async function cachedBlobs(store: Store): Promise<ReadonlySet<Digest>> {
  const records = await stepCacheHoldings(store).list();
  return new Set(records.flatMap(({ blobs }) => blobs ?? []));
}

async function holdingOf(
  { outcome: { layer }, stepKey, text, usedAt }: StepRecord,
  store: Store,
  signal: AbortSignal | undefined,
): Promise<Holding> {
  const holding = {
    kind: 'build-cache',
    holdingId: stepKey,
    title: text,
    // The database does not become smaller by a record less.
    bytes: 0,
    lastUsedAt: usedAt,
  } as const;
  if (layer === undefined) return holding;
  if (!(await store.blobs.has(layer.descriptor, signal))) return { ...holding, unused: true };
  return { ...holding, blobs: [layer.descriptor.digest], diffIds: [layer.diffId] };
}

async function withRecords<T>(
  storeDir: string,
  otherwise: T,
  work: (records: StepRecords) => Promise<T>,
): Promise<T> {
  if (!existsSync(recordsFile(storeDir))) return otherwise;
  const { records } = openStepRecords(storeDir);
  if (records === undefined) return otherwise;
  try {
    return await work(records);
  } finally {
    records.close();
  }
}
