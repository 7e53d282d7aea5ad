import { availableParallelism } from 'node:os';

/** Runs at most `count` jobs at a time; the others wait, and start in the order in which they came. */
export function createSlots(count: number): <T>(job: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async job => {
    if (free > 0) free -= 1;
    else await new Promise<void>(resolve => waiting.push(resolve));
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/**
 * How many compressions to hand to libuv's thread pool at a time: enough to keep every core busy while
 * the main thread turns around, but never the whole pool, because files are read through it as well.
 */
export function compressionSlots(
  poolSize = threadPoolSize(),
  cores = availableParallelism(),
): number {
  return Math.max(1, Math.min(poolSize - 1, cores + 1));
}

// libuv's own default is 4; the variable is the only way to change it.
function threadPoolSize(): number {
  return Number(process.env['UV_THREADPOOL_SIZE']) || 4;
}
