import { unlessCancelled } from './cancel.ts';

interface Running<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Runs `work` for a key, or joins the run that is under way. It is stopped when nobody waits for it any more. */
export type SharedWork<K, T> = (
  key: K,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

/** Makes a place where equal work that is asked for at the same time is done once. */
export function createSharedWork<K, T>(): SharedWork<K, T> {
  const running = new Map<K, Running<T>>();

  function start(key: K, work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const result = work(controller.signal).finally(() => {
      if (running.get(key)?.controller === controller) running.delete(key);
    });
    // Everybody who waits is told; with nobody left a failure is of no interest.
    result.catch(() => undefined);
    const run = { result, controller, waiting: 0 };
    running.set(key, run);
    return run;
  }

  return async (key, work, signal) => {
    const run = running.get(key) ?? start(key, work);
    run.waiting += 1;
    try {
      return await unlessCancelled(run.result, signal);
    } finally {
      run.waiting -= 1;
      if (run.waiting === 0) {
        // Whoever comes next starts anew instead of joining what is being stopped.
        if (running.get(key) === run) running.delete(key);
        run.controller.abort();
      }
    }
  };
}
