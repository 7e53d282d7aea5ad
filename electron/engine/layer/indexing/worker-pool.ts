import { availableParallelism } from 'node:os';
import type { Bytes } from '../../content/bytes.ts';
import type { IndexOptions, LayerRef } from '../index-layer.ts';
import type { IndexData } from '../layer-index.ts';
import { createSlots } from '../slots.ts';
import { startIndexingWorker, type IndexingJob, type IndexingWorker } from './indexing-worker.ts';

/** Indexes layers away from the main thread. */
export interface IndexingPool {
  /** Has `blob` indexed when a thread is free. Fails as `indexLayer` and `blob` do, or with `worker-died`. */
  index(blob: Bytes, layer: LayerRef, options?: IndexOptions): Promise<IndexData>;
  /** The same for a blob that is a file, whose bytes need not pass this thread. */
  indexFile(path: string, layer: LayerRef, options?: IndexOptions): Promise<IndexData>;
  /** A job for bytes that come at their own pace, at once; undefined when there are enough of such already. */
  beside(layer: LayerRef): IndexingJob | undefined;
}

/** An idle thread costs some 20 MiB, a new one a fifth of a second. */
const idleMs = 30_000;
/** As many as are usually downloaded at a time. */
const maxBeside = 4;

/** Starts threads when they are needed and stops those that stay idle. `size` is how many index at full speed. */
export function createIndexingPool(
  start: () => IndexingWorker = startIndexingWorker,
  size = Math.max(1, availableParallelism() - 1),
): IndexingPool {
  const workers = createWorkers(start);
  const inSlot = createSlots(size);
  let beside = 0;
  /** Waits for the result of `job`; `feed` gives it what it needs. */
  async function finish(
    job: IndexingJob,
    feed: () => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<IndexData> {
    const stop = () => job.abort();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      if (signal?.aborted === true) stop();
      await feed();
      return await job.result;
    } finally {
      signal?.removeEventListener('abort', stop);
      job.abort();
    }
  }
  return {
    index: (blob, layer, options = {}) =>
      inSlot(() => {
        const job = workers.start(layer, options);
        const feed = async () => {
          for await (const chunk of blob) if (!(await job.write(chunk))) break;
          job.end();
        };
        return finish(job, feed, options.signal);
      }),
    indexFile: (path, layer, options = {}) =>
      inSlot(() =>
        finish(workers.start(layer, options, path), () => Promise.resolve(), options.signal),
      ),
    beside(layer) {
      if (beside >= maxBeside) return undefined;
      beside += 1;
      const job = workers.start(layer, {});
      const end = () => void (beside -= 1);
      job.result.then(end, end);
      return job;
    },
  };
}

/** Threads that are idle wait a while for the next job. */
function createWorkers(start: () => IndexingWorker) {
  const idle = new Map<IndexingWorker, NodeJS.Timeout>();
  function take(): IndexingWorker {
    for (const [worker, timer] of idle) {
      clearTimeout(timer);
      idle.delete(worker);
      if (worker.alive) return worker;
    }
    return start();
  }
  function giveBack(worker: IndexingWorker): void {
    if (!worker.alive) return;
    const timer = setTimeout(() => {
      idle.delete(worker);
      worker.stop();
    }, idleMs);
    timer.unref();
    idle.set(worker, timer);
  }
  return {
    start(layer: LayerRef, options: IndexOptions, file?: string): IndexingJob {
      const worker = take();
      const job = worker.start(layer, options, file);
      const end = () => giveBack(worker);
      job.result.then(end, end);
      return job;
    },
  };
}
