import './engine/win32/native-threads.ts';
import { text } from 'node:stream/consumers';
import { runCommandLine } from './cli/run.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { productDirAbove, productVersion } from './cli/product-dir.ts';
import { createPrompt } from './cli/prompt.ts';
import { createTerminal } from './cli/terminal.ts';

/** `electron/layerwright.mjs` passes on what the terminal has sent to all: that is one Ctrl+C, not two. */
const sameSignal = 300;

/** Aborted by the first signal to stop; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  function stop(): void {
    if (first === undefined) {
      first = performance.now();
      controller.abort();
    } else if (performance.now() - first > sameSignal) {
      process.exit(exitCodes.cancelled);
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}

/** A reader that has seen enough (`layerwright images | head`) closes the pipe: no reason to complain. */
function endOnClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.failed);
  });
}

endOnClosedPipe(process.stdout);
endOnClosedPipe(process.stderr);
process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  version: await productVersion(productDirAbove(import.meta.filename)),
  terminal: createTerminal(process.stdout, process.stderr, process.env),
  cwd: process.cwd(),
  environment: process.env,
  readInput: async () => await text(process.stdin),
  ...(process.stdin.isTTY ? { prompt: createPrompt(process.stdin, process.stderr) } : {}),
  signal: stopSignal(),
});
