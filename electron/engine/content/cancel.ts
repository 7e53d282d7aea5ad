import { AppError } from '../../../shared/failure.ts';
import type { Bytes } from './bytes.ts';

/** Throws the failure `cancelled` once `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

/** Passes `content` on and stops with `cancelled` at once when `signal` is aborted, even while the source hangs. */
export async function* cancellable(content: Bytes, signal: AbortSignal | undefined): Bytes {
  if (signal === undefined) return yield* content;
  throwIfCancelled(signal);
  const iterator = content[Symbol.asyncIterator]();
  let giveUp: (reason: unknown) => void = () => undefined;
  const stop = () => giveUp(cancelled(signal));
  signal.addEventListener('abort', stop, { once: true });
  let ended = false;
  try {
    for (;;) {
      throwIfCancelled(signal);
      // Not Promise.race with one promise for all: that would hold every chunk until the stream ends.
      const step = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        giveUp = reject;
        iterator.next().then(resolve, reject);
      });
      if (step.done === true) break;
      yield step.value;
    }
    ended = true;
  } finally {
    signal.removeEventListener('abort', stop);
    // A hanging source would keep us waiting here, and what it still throws concerns nobody.
    if (!ended) iterator.return?.().catch(() => undefined);
  }
}

/** The result of `work`, or `cancelled` at once when `signal` is aborted; the work itself goes on. */
export async function unlessCancelled<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return await work;
  throwIfCancelled(signal);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(cancelled(signal));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Waits. Throws `cancelled` when `signal` is aborted meanwhile. */
export async function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  throwIfCancelled(signal);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const stop = () => reject(cancelled(signal));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function cancelled(signal: AbortSignal | undefined): AppError {
  return new AppError({ code: 'cancelled' }, { cause: signal?.reason });
}
