import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets other work have its turn when this one has run for long: without it a cancel would not be heard. */
export type Breathe = () => Promise<void> | undefined;

const longestRunMs = 30;

/** Makes one for a loop whose steps may all be done without waiting for anything. */
export function createBreathe(): Breathe {
  let last = performance.now();
  return () => {
    if (performance.now() - last < longestRunMs) return undefined;
    return nextTurn().then(() => void (last = performance.now()));
  };
}
