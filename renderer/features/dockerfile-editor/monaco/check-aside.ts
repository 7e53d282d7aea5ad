import type { Problem } from '../language/diagnostics.ts';
// oxlint-disable-next-line import/default -- `?worker` is Vite's; it exports a Worker class
import ProblemWorker from './problem-worker.ts?worker';

/** Finds the problems of a large Dockerfile in a worker, which goes away afterwards. Throws the signal's reason. */
export async function checkAside(text: string, signal: AbortSignal): Promise<readonly Problem[]> {
  const worker = new ProblemWorker();
  const answer = Promise.withResolvers<readonly Problem[]>();
  const stop = () => answer.reject(signal.reason);
  signal.addEventListener('abort', stop);
  worker.addEventListener('message', ({ data }: MessageEvent<readonly Problem[]>) =>
    answer.resolve(data),
  );
  worker.addEventListener('error', ({ message }) => answer.reject(new Error(message)));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  worker.postMessage(text);
  try {
    return await answer.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    worker.terminate();
  }
}
