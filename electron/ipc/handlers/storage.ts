import type { Input } from '../../../shared/ipc/contract.ts';
import type { Wish } from '../../engine/storage/choose-garbage.ts';
import { keyOf } from '../../engine/storage/choose-garbage.ts';
import { collectStorage, previewCollection } from '../../engine/storage/collect.ts';
import { refetchFrom } from '../../engine/storage/refetch.ts';
import { repairStore } from '../../engine/storage/repair.ts';
import { surveyStore, type StorageParts } from '../../engine/storage/survey.ts';
import { usageOf } from '../../engine/storage/usage.ts';
import { verifyStore } from '../../engine/storage/verify.ts';
import type { HandlersFor } from '../answer.ts';
import type { EventSink } from '../event-hub.ts';
import type { Connections } from '../registries/connections.ts';
import type { AutoCleanup } from '../storage/auto-cleanup.ts';
import { Previews } from '../storage/previews.ts';

export interface StorageHandlerParts extends StorageParts {
  readonly connections: Connections;
  readonly cleanup: Pick<AutoCleanup, 'last'>;
  readonly events: EventSink;
}

type StorageChannel =
  | 'storage.usage'
  | 'storage.preview'
  | 'storage.collect'
  | 'storage.verify'
  | 'storage.repair';

/** What the store holds, and what becomes of it. */
export function storageHandlers(parts: StorageHandlerParts): HandlersFor<StorageChannel> {
  const { cleanup, connections, events, store } = parts;
  const previews = new Previews();
  return {
    'storage.usage': async (_input, signal) => {
      const usage = await usageOf(await surveyStore(parts, signal), store.dir);
      return { ...usage, ...(cleanup.last === undefined ? {} : { lastCleanup: cleanup.last }) };
    },
    'storage.preview': async (input, signal) => {
      const wish = wishOf(input);
      const list = await previewCollection(parts, wish, signal);
      return { ...list, previewId: previews.keep(wish, list) };
    },
    'storage.collect': async ({ previewId }, signal) => {
      const { approved, wish } = previews.take(previewId);
      const list = await collectStorage(parts, wish, { approved, patienceMs: 2000, signal });
      tellChange(events);
      return list;
    },
    'storage.verify': async ({ deep }, signal) =>
      await withProgress(events, 'verify store', async onProgress => {
        const { report } = await verifyStore(store, { deep, onProgress, signal });
        return report;
      }),
    'storage.repair': async ({ deep, offline }, signal) =>
      await withProgress(events, 'repair store', async onProgress => {
        const repair = async (options: object) =>
          await repairStore(store, { deep, onProgress, signal, ...options });
        const report = offline
          ? await repair({})
          : await connections.use(async ({ client }) =>
              repair({ refetch: refetchFrom(client, store) }),
            );
        tellChange(events);
        return report;
      }),
  };
}

function wishOf(input: Input<'storage.preview'>): Wish {
  return 'policy' in input
    ? { kind: 'policy', policy: input.policy, now: Date.now() }
    : { kind: 'these', keys: new Set(input.items.map(keyOf)) };
}

function tellChange(events: EventSink): void {
  events.emit('storage.changed', null);
  events.emit('images.changed', null);
  events.emit('builds.changed', null);
}

/** Bytes that pass between two words about it. */
const step = 4 * 1024 * 1024;

async function withProgress<T>(
  events: EventSink,
  task: 'verify store' | 'repair store',
  work: (
    onProgress: (at: { readonly current: number; readonly total: number }) => void,
  ) => Promise<T>,
): Promise<T> {
  const label = 'Hashing the blobs of the store';
  const common = { task, label, unit: 'bytes' } as const;
  let told = -step;
  try {
    return await work(({ current, total }) => {
      if (current - told < step && current < total) return;
      told = current;
      events.emit('task.progress', { ...common, current, total, done: false });
    });
  } finally {
    events.emit('task.progress', { ...common, current: 0, done: true });
  }
}
