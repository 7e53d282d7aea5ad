import { AppError } from '../../../shared/failure.ts';
import type { GarbageList } from '../../../shared/ipc/storage-views.ts';
import { delay, throwIfCancelled } from '../content/cancel.ts';
import type { Store } from '../content/store.ts';
import { chooseGarbage, keyOf, type GarbageChoice, type Wish } from './choose-garbage.ts';
import { surveyStore, type StorageParts, type StoreSurvey } from './survey.ts';

/** What a collection would remove now. Changes nothing. Throws image-invalid where a manifest cannot be understood. */
export async function previewCollection(
  parts: StorageParts,
  wish: Wish,
  signal?: AbortSignal,
): Promise<GarbageList> {
  const survey = await surveyStore(parts, signal);
  return chosen(survey, wish).list;
}

/** How a collection goes about it. */
export interface CollectOptions {
  /** How long to wait for builds and transfers to end; in ms. By default not at all. */
  readonly patienceMs?: number;
  /** What a person has seen in a preview, by `keyOf`: where anything else would go by now, nothing does. */
  readonly approved?: ReadonlySet<string>;
  readonly onRemoved?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes what `wish` says, alone in the store: nothing that a build or transfer of any process is about to use can go.
 * Throws store-busy where the store stays in use, and image-invalid where a manifest cannot be understood; then nothing
 * was removed; preview-outdated where more would go than was approved. Cancelled half-way, it leaves a sound store; the rest goes next time.
 */
export async function collectStorage(
  parts: StorageParts,
  wish: Wish,
  { approved, onRemoved, patienceMs = 0, signal }: CollectOptions = {},
): Promise<GarbageList> {
  using _ = await exclusively(parts.store, patienceMs, signal);
  const survey = await surveyStore(parts, signal);
  const { blobs, holdings, list } = chosen(survey, wish);
  if (approved !== undefined && list.items.some(item => !approved.has(keyOf(item)))) {
    throw new AppError({ code: 'preview-outdated' });
  }
  // First what needs blobs, then the blobs: a crash in between leaves loose blobs, and nothing that lacks one.
  await survey.remove(holdings, blobs);
  let done = 0;
  for (const digest of blobs) {
    throwIfCancelled(signal);
    await parts.store.blobs.delete(digest);
    done += 1;
    onRemoved?.(done, blobs.size);
  }
  return list;
}

function chosen(survey: StoreSurvey, wish: Wish): GarbageChoice {
  const [first] = survey.damaged;
  if (first !== undefined) {
    throw new AppError({ code: 'storage-unreadable', ...first, others: survey.damaged.length - 1 });
  }
  return chooseGarbage(survey, wish);
}

async function exclusively(
  store: Store,
  patienceMs: number,
  signal: AbortSignal | undefined,
): Promise<Disposable> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    throwIfCancelled(signal);
    const held = store.lock.tryExclusive();
    if (held !== undefined) return held;
    const left = deadline - performance.now();
    if (left <= 0) throw new AppError({ code: 'store-busy', path: store.dir });
    await delay(Math.min(left, 50), signal);
  }
}
