import { AppError, explain, failureOf } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { shortDigest } from '../../../shared/oci/digest.ts';
import type { Bytes } from '../content/bytes.ts';
import { cancellable, delay, throwIfCancelled } from '../content/cancel.ts';
import { claimDownload, type PartialDownload } from '../content/partial-downloads.ts';
import { createSharedWork } from '../content/shared-work.ts';
import type { Store } from '../content/store.ts';
import { isPassing, type RetryPolicy } from '../registry/retries.ts';
import type { TellBlob } from './progress.ts';

/** A place that gives a blob from an offset on. */
export interface BlobSource {
  /** As people know it: `registry.example/app` or a URL. */
  readonly place: string;
  readonly kind: 'registry' | 'url';
  read(offset: number, signal: AbortSignal): Bytes;
  /** The failure of a place that sent other content than it was asked for. */
  wrongContent(problem: string): AppError;
}

export interface FetchOptions {
  readonly tell: TellBlob;
  readonly note: (text: string) => void;
  /** Told once when a download begins: the blob's content, to be read behind the download at any pace. */
  readonly onContent?: ((content: Bytes) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a blob came into the store; `bytes` were fetched for it. */
export interface Fetched {
  readonly outcome: 'present' | 'downloaded' | 'downloaded-from-url';
  readonly bytes: number;
}

/** Brings blobs into the store, each once, whoever asks for it. The caller holds `store.lock.shared()`. */
export type FetchBlob = (
  blob: Descriptor,
  sources: readonly BlobSource[],
  options: FetchOptions,
) => Promise<Fetched>;

export interface FetcherOptions {
  readonly retries: RetryPolicy;
  /** Longest time without a byte before a download counts as cut. */
  readonly stallMs: number;
}

const defaultFetcherOptions: FetcherOptions = {
  retries: { attempts: 6, firstDelayMs: 500, longestDelayMs: 15_000 },
  stallMs: 30_000,
};

/** An attempt that brought less than this counts as one that brought nothing. */
const worthwhileBytes = 64 * 1024;

/** Makes the one place through which a process fetches blobs into `store`. */
export function createBlobFetcher(
  store: Store,
  fetcherOptions: FetcherOptions = defaultFetcherOptions,
): FetchBlob {
  const shared = createSharedWork<string, Fetched>();
  const listeners = new Map<string, Set<FetchOptions>>();
  return async (blob, sources, options) => {
    const key = JSON.stringify([blob.digest, ...sources.map(({ place }) => place)]);
    const told = listeners.get(key) ?? new Set();
    listeners.set(key, told.add(options));
    const everybody = {
      tell: (progress: Parameters<TellBlob>[0]) => told.forEach(({ tell }) => tell(progress)),
      note: (text: string) => told.forEach(({ note }) => note(text)),
      onContent: options.onContent,
    };
    try {
      return await shared(
        key,
        signal => fetchBlob(blob, sources, { ...everybody, store, ...fetcherOptions, signal }),
        options.signal,
      );
    } finally {
      told.delete(options);
      if (told.size === 0 && listeners.get(key) === told) listeners.delete(key);
    }
  };
}

interface Fetching extends FetcherOptions, FetchOptions {
  readonly store: Store;
  readonly signal: AbortSignal;
}

async function fetchBlob(
  blob: Descriptor,
  sources: readonly BlobSource[],
  context: Fetching,
): Promise<Fetched> {
  const { store, tell, note, signal } = context;
  if (await store.blobs.has(blob, signal)) return { outcome: 'present', bytes: 0 };
  await using partial = await claimDownload(store, blob, {
    onWait: () => note(`${shortDigest(blob.digest)} is downloaded by another process; waiting`),
    onHashed: current => tell({ state: 'verifying', current }),
    signal,
  });
  if (partial === undefined) return { outcome: 'present', bytes: 0 };
  const { resumedFrom } = partial;
  context.onContent?.(partial.follow());
  const source = await fillFromAny(partial, blob, sources, context);
  tell({ state: 'verifying', current: blob.size });
  const bytes = await committed(partial, blob, source, context);
  return {
    outcome: source.kind === 'url' ? 'downloaded-from-url' : 'downloaded',
    bytes: bytes + Math.max(0, blob.size - resumedFrom),
  };
}

/**
 * Makes the download a blob. Where the part of an earlier run was damaged meanwhile, all is fetched once more; gives
 * the bytes of that.
 */
async function committed(
  partial: PartialDownload,
  blob: Descriptor,
  source: BlobSource,
  context: Fetching,
): Promise<number> {
  try {
    await partial.commit();
    return 0;
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code !== 'blob-mismatch') throw error;
    const { actual, actualSize } = error.failure;
    if (partial.resumedFrom === 0 || partial.restarted) {
      const problem = `sent ${actualSize} bytes with the digest ${actual} for ${blob.digest} (${blob.size} bytes)`;
      throw source.wrongContent(problem);
    }
    context.note(`the part of ${shortDigest(blob.digest)} from an earlier run is damaged; again`);
    await partial.restart();
    await fill(partial, blob, source, context);
    return blob.size + (await committed(partial, blob, source, context));
  }
}

/** Takes the places in turn until one has the blob, and gives that one. */
async function fillFromAny(
  partial: PartialDownload,
  blob: Descriptor,
  sources: readonly BlobSource[],
  context: Fetching,
): Promise<BlobSource> {
  const tried: { place: string; problem: string }[] = [];
  let last: unknown;
  for (const source of sources) {
    try {
      await fill(partial, blob, source, context);
      return source;
    } catch (error) {
      throwIfCancelled(context.signal);
      if (!(error instanceof AppError) || isLocal(error)) throw error;
      tried.push({ place: source.place, problem: explain(failureOf(error)).message });
      last = error;
    }
  }
  if (tried.length === 1) throw last;
  throw new AppError({ code: 'foreign-unavailable', digest: blob.digest, tried });
}

/** What no other place would change. */
function isLocal({ failure: { code } }: AppError): boolean {
  return code === 'disk-full' || code === 'file-system' || code === 'cancelled';
}

/** Downloads what is missing from one place; a cut is gone on from where it was. */
async function fill(
  partial: PartialDownload,
  blob: Descriptor,
  source: BlobSource,
  context: Fetching,
): Promise<void> {
  const { retries, note, signal } = context;
  for (let failures = 0; ;) {
    const before = partial.size;
    try {
      await fillOnce(partial, blob, source, context);
      return;
    } catch (error) {
      throwIfCancelled(signal);
      const gained = partial.size - before;
      if (!(error instanceof AppError) || !mayPass(error, gained)) throw error;
      failures = gained >= worthwhileBytes ? 1 : failures + 1;
      if (failures >= retries.attempts) throw error;
      const wait = Math.min(retries.firstDelayMs * 2 ** (failures - 1), retries.longestDelayMs);
      const reason = explain(error.failure).message;
      note(`${shortDigest(blob.digest)}: cut at byte ${partial.size}, goes on: ${reason}`);
      await delay(wait * (0.5 + Math.random() / 2), signal);
    }
  }
}

function mayPass({ failure }: AppError, gained: number): boolean {
  return isPassing(failure) || (failure.code === 'download-failed' && gained > 0);
}

async function fillOnce(
  partial: PartialDownload,
  blob: Descriptor,
  source: BlobSource,
  { tell, stallMs, signal }: Fetching,
): Promise<void> {
  if (partial.size === blob.size) return;
  const { resumedFrom } = partial;
  const shown = resumedFrom > 0 && !partial.restarted ? { resumedFrom } : {};
  tell({ state: 'downloading', current: partial.size, ...shown });
  const content = unstalled(
    stop => source.read(partial.size, AbortSignal.any([signal, stop])),
    stallMs,
    () => cut(source, 'timeout', `no byte came for ${stallMs / 1000} s`),
  );
  for await (const chunk of content) {
    await partial.write(chunk);
    tell({ state: 'downloading', current: partial.size, ...shown });
    // More than promised: the digest will be wrong, and nobody needs the rest.
    if (partial.size > blob.size) return;
  }
  if (partial.size < blob.size) {
    throw cut(source, 'interrupted', `${partial.size} of ${blob.size} bytes came`);
  }
}

function cut(source: BlobSource, reason: 'timeout' | 'interrupted', detail: string): AppError {
  const { place } = source;
  return new AppError({
    code: 'registry-unreachable',
    registry: place,
    host: place,
    reason,
    detail,
  });
}

/** Passes content on; where none comes for `stallMs`, the source is stopped and `stalled()` thrown. */
async function* unstalled(
  open: (stop: AbortSignal) => Bytes,
  stallMs: number,
  stalled: () => AppError,
): Bytes {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), stallMs);
  try {
    for await (const chunk of cancellable(open(controller.signal), controller.signal)) {
      yield chunk;
      timer.refresh();
    }
  } catch (error) {
    throw controller.signal.aborted ? stalled() : error;
  } finally {
    clearTimeout(timer);
  }
}
