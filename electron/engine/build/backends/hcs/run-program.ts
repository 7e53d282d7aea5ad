import { AppError } from '../../../../../shared/failure.ts';
import { unlessCancelled } from '../../../content/cancel.ts';
import type { Container, ProcessSpec, RunningProcess } from '../../../hcs/host.ts';
import { createLineSplitter } from './output/lines.ts';
import type { Mask } from './output/mask.ts';

type Stream = 'stdout' | 'stderr';

export interface ProgramOptions {
  readonly codePage: number;
  readonly mask: Mask;
  /** In whole lines, as soon as they are complete. */
  readonly onOutput: (stream: Stream, lines: readonly string[]) => void;
  readonly timeoutSeconds?: number | undefined;
}

/** How a program ended, and what it said last: of its errors, or else of its output. */
export interface ProgramEnd {
  readonly exitCode: number;
  readonly lastLines: readonly string[];
}

/** How long a program may take to end once it is told to, and its output to close once it has ended; in ms. */
const graceMs = 1500;
const mostLastLines = 20;
const longestLastLine = 500;

/**
 * Runs a program in a container to its end and passes on what it writes. Fails with `run-timeout` and `cancelled`; then
 * the program was told to end, and ending the container makes sure of it.
 */
export async function runProgram(
  container: Pick<Container, 'exec'>,
  spec: ProcessSpec,
  options: ProgramOptions,
  signal?: AbortSignal,
): Promise<ProgramEnd> {
  const process = await container.exec(spec, signal);
  const last = { stdout: createTail(), stderr: createTail() };
  const passOn = (stream: Stream) => async (lines: readonly string[]) => {
    const shown = lines.map(options.mask);
    last[stream].add(shown);
    options.onOutput(stream, shown);
  };
  const output = Promise.all([
    pump(process.stdout, options.codePage, passOn('stdout')),
    pump(process.stderr, options.codePage, passOn('stderr')),
  ]).then(() => undefined);
  // A pipe that breaks says nothing that the exit code does not say.
  const drained = output.catch(() => undefined);
  let exitCode: number;
  try {
    exitCode = await exitOf(process, options.timeoutSeconds, signal);
  } finally {
    // A program that was left running in the background may hold the pipes for as long as it likes.
    await atMost(graceMs, drained);
  }
  return { exitCode, lastLines: last.stderr.lines() ?? last.stdout.lines() ?? [] };
}

/** Waits for `work`, which must not fail, but no longer than so many ms. */
async function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

async function exitOf(
  process: RunningProcess,
  timeoutSeconds: number | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  const limit =
    timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1000);
  const stops = [signal, limit].filter(stop => stop !== undefined);
  const stop = stops.length === 0 ? undefined : AbortSignal.any(stops);
  try {
    return await unlessCancelled(process.exit, stop);
  } catch (error) {
    if (stop?.aborted !== true) throw error;
    await atMost(
      graceMs,
      process.kill().catch(() => undefined),
    );
    if (signal?.aborted === true || timeoutSeconds === undefined) throw error;
    throw new AppError({ code: 'run-timeout', seconds: timeoutSeconds }, { cause: error });
  }
}

async function pump(
  stream: AsyncIterable<Uint8Array>,
  codePage: number,
  passOn: (lines: readonly string[]) => Promise<void>,
): Promise<void> {
  const splitter = createLineSplitter(codePage);
  try {
    for await (const chunk of stream) {
      const lines = splitter.push(chunk);
      if (lines.length > 0) await passOn(lines);
    }
  } finally {
    const rest = splitter.end();
    if (rest.length > 0) await passOn(rest);
  }
}

function createTail() {
  const tail: string[] = [];
  return {
    add(lines: readonly string[]): void {
      for (const line of lines) if (line.trim() !== '') tail.push(line.slice(0, longestLastLine));
      tail.splice(0, Math.max(0, tail.length - mostLastLines));
    },
    lines: () => (tail.length === 0 ? undefined : tail),
  };
}
