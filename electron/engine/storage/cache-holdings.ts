import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { descriptorSchema, digestSchema } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Holding, HoldingProvider } from '../content/holding.ts';
import type { Store } from '../content/store.ts';
import { fileHolding, removeFiles } from './file-holdings.ts';
import { entriesIn } from './folders.ts';

const recordSchema = z.object({
  layer: z.object({ descriptor: descriptorSchema, diffId: digestSchema }).optional(),
});

/** What steps of builds made, remembered by key. A record whose layer is gone is of no use. */
export function stepCacheHoldings(store: Store): HoldingProvider {
  const dir = join(store.dir, 'cache', 'steps');
  return {
    async list(signal) {
      const listed: Holding[] = [];
      for (const entry of await entriesIn(dir, signal)) {
        const record = await readRecord(entry.path);
        const layer = record?.layer;
        const isWhole = layer === undefined || (await store.blobs.has(layer.descriptor, signal));
        listed.push({
          ...fileHolding('build-cache', entry, `step ${entry.name.slice(0, 12)}`),
          ...(layer === undefined || !isWhole
            ? {}
            : { blobs: [layer.descriptor.digest], diffIds: [layer.diffId] }),
          ...(record === undefined || !isWhole ? { unused: true } : {}),
        });
      }
      return listed;
    },
    remove: async holdings => await removeFiles(dir, holdings),
  };
}

/** The layers that records need. Whoever removes single images keeps those of other builds. */
export async function cachedBlobs(store: Store): Promise<ReadonlySet<Digest>> {
  const records = await stepCacheHoldings(store).list();
  return new Set(records.flatMap(({ blobs }) => blobs ?? []));
}

async function readRecord(file: string): Promise<z.output<typeof recordSchema> | undefined> {
  try {
    return recordSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
