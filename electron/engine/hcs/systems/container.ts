import { AppError } from '../../../../shared/failure.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import { openPipe, type Pipe } from '../../win32/pipe.ts';
import type { Container, ProcessSpec, RunningProcess } from '../host.ts';
import { inTurn } from '../in-turn.ts';
import { statisticsOf } from './answers.ts';
import { processDocument } from './process-document.ts';
import type { ProcessCalls, SystemCalls } from './system-calls.ts';

interface NewContainer {
  readonly systemId: string;
  /** Gives the calls of the new compute system; `lost` is to be told once when it ends by itself, with why. */
  readonly open: (lost: (reason: string) => void) => SystemCalls;
  readonly document: string;
}

interface Running {
  readonly calls: ProcessCalls;
  readonly pipes: readonly Pipe[];
}

const statisticsQuery = JSON.stringify({ PropertyTypes: ['Statistics'] });

/** Creates and starts a container; where that fails, or `signal` is aborted, it is terminated and closed. */
export async function startContainer(
  { systemId, open, document }: NewContainer,
  signal?: AbortSignal,
): Promise<Container> {
  const processes = new Set<Running>();
  const { promise: end, reject } = Promise.withResolvers<never>();
  // Nobody has to wait for it.
  end.catch(() => undefined);
  const lost = (reason: string) =>
    reject(new AppError({ code: 'container-ended', systemId, reason }));
  const calls = open(lost);
  let terminated: Promise<void> | undefined;
  const container: Container = {
    id: systemId,
    async exec(spec, execSignal) {
      const started = await startProcess(calls, spec, end, execSignal);
      processes.add(started.running);
      // It came up while the container went down.
      if (terminated !== undefined) await closeProcesses(processes);
      return started.process;
    },
    statistics: async () =>
      statisticsOf('HcsGetComputeSystemProperties', await calls.properties(statisticsQuery)),
    async terminate() {
      lost('it was told to');
      terminated ??= takeDown(calls, processes);
      try {
        await terminated;
      } catch (error) {
        // The next call tries again what is left.
        terminated = undefined;
        throw error;
      }
    },
  };
  try {
    await calls.create(document, signal);
    await calls.start(signal);
    throwIfCancelled(signal);
    return container;
  } catch (error) {
    await container.terminate().catch(() => undefined);
    throw error;
  }
}

async function startProcess(
  calls: SystemCalls,
  spec: ProcessSpec,
  containerEnd: Promise<never>,
  signal: AbortSignal | undefined,
): Promise<{ readonly running: Running; readonly process: RunningProcess }> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  const watcher = { ended: resolve, lost: reject };
  const created = await calls.createProcess(processDocument(spec), watcher, signal);
  const { stdOutput, stdError, processId } = created.information;
  const [stdout, stderr] = [openPipe(stdOutput), openPipe(stdError)];
  const exit = Promise.race([ended, containerEnd]);
  // Who only reads the output must not bring everything down by not looking at the exit.
  exit.catch(() => undefined);
  return {
    running: { calls: created, pipes: [stdout, stderr] },
    process: {
      pid: processId,
      stdout: stdout.output,
      stderr: stderr.output,
      exit,
      kill: async () => await created.kill(),
    },
  };
}

/** Processes are closed before the system they run in. A system that will not end does so when its handle is closed. */
async function takeDown(calls: SystemCalls, processes: Set<Running>): Promise<void> {
  await inTurn([
    async () => await calls.terminate(),
    async () => await closeProcesses(processes),
    async () => await calls.close(),
  ]);
}

async function closeProcesses(processes: Set<Running>): Promise<void> {
  const closings = [...processes].map(running => async () => {
    processes.delete(running);
    for (const pipe of running.pipes) pipe.close();
    await running.calls.close();
  });
  await inTurn(closings);
}
