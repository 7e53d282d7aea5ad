import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../content/cancel.ts';

const longestTurn = 25;

/**
 * For long loops without waiting: called once in each round, it lets others have their turn now and then, and throws
 * once `signal` is aborted. Gives undefined where there is nothing to wait for.
 */
export function createTurns(signal?: AbortSignal): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < longestTurn) return undefined;
    return nextTurn().then(() => {
      throwIfCancelled(signal);
      last = performance.now();
    });
  };
}
