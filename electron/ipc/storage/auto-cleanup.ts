import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../../shared/failure.ts';
import type { Settings } from '../../../shared/ipc/app-views.ts';
import { policyKinds, type GarbagePolicy } from '../../../shared/ipc/storage-views.ts';
import { collectStorage } from '../../engine/storage/collect.ts';
import type { StorageParts } from '../../engine/storage/survey.ts';

/** What the last cleanup did. */
export interface Cleanup {
  /** In ms since 1970. */
  readonly at: number;
  readonly freedBytes: number;
}

export interface AutoCleanup {
  readonly last: Cleanup | undefined;
  close(): Promise<void>;
}

export interface AutoCleanupOptions {
  readonly parts: StorageParts;
  readonly settings: () => Promise<Settings>;
  readonly onCleaned: (cleanup: Cleanup) => void;
  /** How long the app has been idle before the first one, and between two; in ms. */
  readonly pauses?: { readonly first: number; readonly next: number };
}

const usualPauses = { first: 2 * 60_000, next: 60 * 60_000 };
const day = 86_400_000;

/** What the settings allow to go by itself; undefined for nothing. Named images and the history always stay. */
export function cleanupPolicy(settings: Settings): GarbagePolicy | undefined {
  const { cleanup, cleanupDays, cleanupGigabytes } = settings;
  switch (cleanup) {
    case 'off':
      return undefined;
    case 'unused':
      return { keepTagged: true, kinds: [] };
    case 'limits':
      return {
        keepTagged: true,
        kinds: policyKinds.filter(kind => kind !== 'builds'),
        olderThanMs: cleanupDays * day,
        maxBytes: cleanupGigabytes * 1e9,
      };
  }
}

/** Cleans up from time to time, as the settings say. A store that is in use is left for the next time. */
export function startAutoCleanup(options: AutoCleanupOptions): AutoCleanup {
  const { onCleaned, parts, pauses = usualPauses, settings } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let last: Cleanup | undefined;

  async function cleanOnce(): Promise<void> {
    const policy = cleanupPolicy(await settings());
    if (policy === undefined) return;
    const now = Date.now();
    const { freedBytes, items } = await collectStorage(
      parts,
      { kind: 'policy', policy, now },
      { signal },
    );
    if (items.length === 0) return;
    last = { at: now, freedBytes };
    onCleaned(last);
  }

  async function run(): Promise<void> {
    await pause(pauses.first, undefined, { signal, ref: false });
    for (;;) {
      // A busy or damaged store, settings that cannot be read: whoever needs them is told elsewhere.
      await cleanOnce().catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
      await pause(pauses.next, undefined, { signal, ref: false });
    }
  }

  const running = run().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    get last() {
      return last;
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
