import { Worker } from 'node:worker_threads';
import { AppError } from '../../../../shared/failure.ts';
import type { IndexOptions, LayerRef } from '../index-layer.ts';
import type { IndexData } from '../layer-index.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** A layer that is being indexed in a worker. */
export interface IndexingJob {
  readonly result: Promise<IndexData>;
  /** Takes a copy of `chunk`. Waits while the worker has much to do; false when `result` has settled already. */
  write(chunk: Uint8Array): Promise<boolean>;
  /** No more chunks come. */
  end(): void;
  /** Stops the worker; `result` fails with `cancelled`. Harmless once that has settled. */
  abort(): void;
}

/** The usual size is several times this and gains nothing: what an entry leaves behind is small and soon gone. */
const maxYoungGenerationSizeMb = 16;
/** Bytes of blob on their way to a worker. */
const maxInFlight = 4 * 1024 * 1024;

// Sources run as they are; the bundle of the main process has the worker's beside it (electron/bundle.ts).
const entry = import.meta.url.endsWith('.ts')
  ? new URL('../../../workers/index-layer.ts', import.meta.url)
  : new URL('../workers/index-layer.js', import.meta.url);

/** A worker thread that indexes one layer at a time. It does not keep the process alive while it is idle. */
export interface IndexingWorker {
  /**
   * Only when the job before has settled. The bytes of `file`, where there is one, need not be written: the thread
   * reads them itself.
   */
  start(layer: LayerRef, options: IndexOptions, file?: string): IndexingJob;
  readonly alive: boolean;
  stop(): void;
}

/** Starts a thread. One that dies fails the job it had with `worker-died`. */
export function startIndexingWorker(url: URL = entry): IndexingWorker {
  const worker = new Worker(url, { resourceLimits: { maxYoungGenerationSizeMb } });
  let job: RunningJob | undefined;
  let alive = true;
  const die = (problem: string) => {
    alive = false;
    job?.fail(new AppError({ code: 'worker-died', task: 'index a layer', problem }));
  };
  worker.unref();
  worker.on('message', (message: FromWorker) => job?.hear(message));
  worker.on('error', error => die(error.message));
  worker.on('exit', code => die(`it ended with code ${code}`));
  return {
    get alive() {
      return alive;
    },
    stop: () => void worker.terminate(),
    start(layer, options, file) {
      const { maxBytes, maxEntries } = options;
      const started = createJob(options, message => {
        const transfer = message.kind === 'chunk' ? [message.bytes.buffer as ArrayBuffer] : [];
        worker.postMessage(message, transfer);
      });
      const limits = {
        ...(maxBytes !== undefined && { maxBytes }),
        ...(maxEntries !== undefined && { maxEntries }),
      };
      const { descriptor, diffId } = layer;
      const task = { layer: { descriptor, diffId }, limits };
      const begin: ToWorker =
        file === undefined ? { kind: 'start', ...task } : { kind: 'file', path: file, ...task };
      worker.postMessage(begin, []);
      worker.ref();
      job = started;
      const idle = () => worker.unref();
      started.result.then(idle, idle);
      if (!alive) die('it ended before it began');
      return {
        result: started.result,
        write: chunk => started.write(chunk),
        end: () => started.end(),
        abort() {
          if (started.settled) return;
          started.fail(new AppError({ code: 'cancelled' }));
          alive = false;
          void worker.terminate();
        },
      };
    },
  };
}

interface RunningJob extends Omit<IndexingJob, 'abort'> {
  readonly settled: boolean;
  hear(message: FromWorker): void;
  fail(error: AppError): void;
}

function createJob(options: IndexOptions, send: (message: ToWorker) => void): RunningJob {
  const { promise: result, resolve, reject } = Promise.withResolvers<IndexData>();
  result.catch(() => undefined);
  let settled = false;
  let inFlight = 0;
  let moved = Promise.withResolvers<void>();
  const isFull = () => inFlight > maxInFlight && !settled;
  const move = () => {
    moved.resolve();
    moved = Promise.withResolvers<void>();
  };
  const settle = (action: () => void) => {
    settled = true;
    action();
    move();
  };
  return {
    result,
    get settled() {
      return settled;
    },
    async write(chunk) {
      while (isFull()) await moved.promise;
      if (settled) return false;
      inFlight += chunk.byteLength;
      send({ kind: 'chunk', bytes: new Uint8Array(chunk) });
      return true;
    },
    end: () => send({ kind: 'end' }),
    fail: error => settle(() => reject(error)),
    hear(message) {
      switch (message.kind) {
        case 'taken':
          inFlight -= message.bytes;
          return move();
        case 'progress':
          return options.onProgress?.(message.bytes);
        case 'indexed':
          return settle(() => resolve(message.data));
        case 'failed':
          return settle(() => reject(new AppError(message.failure)));
      }
    },
  };
}
