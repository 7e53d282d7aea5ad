import { createSlots } from '../layer/slots.ts';
import { throwIfCancelled } from '../content/cancel.ts';

/** Work on one item; inside `turn` it counts as one of the few that run at a time. */
export type Job<T, R> = (
  item: T,
  turn: <V>(work: () => Promise<V>) => Promise<V>,
  signal: AbortSignal,
) => Promise<R>;

/**
 * Does a job for every item, `limit` turns at a time, and gives the results in the order of the items. The first
 * failure stops the others, and is thrown once they have stopped.
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  limit: number,
  job: Job<T, R>,
  signal?: AbortSignal,
): Promise<readonly R[]> {
  throwIfCancelled(signal);
  const controller = new AbortController();
  const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  const slots = createSlots(limit);
  const turn = <V>(work: () => Promise<V>): Promise<V> =>
    slots(async () => {
      throwIfCancelled(both);
      return await work();
    });
  const running = items.map(async item => {
    try {
      return await job(item, turn, both);
    } catch (error) {
      first ??= { error };
      controller.abort();
      throw error;
    }
  });
  let first: { readonly error: unknown } | undefined;
  await Promise.allSettled(running);
  throwIfCancelled(signal);
  if (first !== undefined) throw first.error;
  return await Promise.all(running);
}
