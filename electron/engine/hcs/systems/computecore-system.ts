import { eventListeners, type HcsNotice } from '../../win32/callbacks.ts';
import type { Computecore } from '../../win32/computecore.ts';
import { isStatus } from '../../win32/failures.ts';
import type { Handle } from '../../win32/parameter.ts';
import { closePipes } from '../../win32/pipe.ts';
import type { ProcessInformation } from '../../win32/process-information.ts';
import { exitCodeOf } from './answers.ts';
import { runOperation, runProcessOperation } from './operation.ts';
import { accessDenied, alreadyEnded, pending } from './statuses.ts';
import type { ProcessCalls, ProcessWatcher, SystemCalls } from './system-calls.ts';

/** HCS_EVENT_TYPE and HCS_EVENT_OPTIONS (computedefs.h). */
const event = { systemExited: 1, processExited: 0x1_0000, serviceDisconnect: 0x200_0000 } as const;
const noOptions = 0;

/** A compute system through computecore.dll, for documents of schema 2, in the order of hcsshim internal/hcs/v2. */
export function computecoreSystem(
  core: Computecore,
  systemId: string,
  lost: (reason: string) => void,
): SystemCalls {
  let system: Handle = 0n;
  const context = eventListeners.add(({ type }) => {
    if (type === event.systemExited) lost('Windows ended it');
    if (type === event.serviceDisconnect) lost('the Host Compute Service went away');
  });
  const run = async (
    api: string,
    call: (operation: Handle) => Promise<number>,
    signal?: AbortSignal,
  ) => await runOperation(core, { api, subject: systemId, call, signal });
  return {
    async create(document, signal) {
      const create = async (operation: Handle) => {
        const { status, outs } = await core.createComputeSystem(systemId, document, operation);
        [system] = outs;
        return status;
      };
      await run('HcsCreateComputeSystem', create, signal);
      await core.setComputeSystemCallback(system, noOptions, context, eventListeners.pointer());
    },
    async start(signal) {
      const start = async (operation: Handle) =>
        (await core.startComputeSystem(system, operation, null)).status;
      await run('HcsStartComputeSystem', start, signal);
    },
    async terminate() {
      if (system !== 0n) await terminateSystem(core, system, systemId);
    },
    async close() {
      const closed = system;
      system = 0n;
      if (closed !== 0n) await core.closeComputeSystem(closed);
      eventListeners.remove(context);
    },
    async properties(query) {
      const ask = async (operation: Handle) =>
        (await core.getComputeSystemProperties(system, operation, query)).status;
      return await run('HcsGetComputeSystemProperties', ask);
    },
    async createProcess(document, watcher, signal) {
      return await createProcess(core, { system, systemId, document, watcher, signal });
    },
  };
}

/** Waits until it has ended; one that has ended already is no failure. */
export async function terminateSystem(
  core: Computecore,
  system: Handle,
  subject: string,
): Promise<void> {
  try {
    await runOperation(core, {
      api: 'HcsTerminateComputeSystem',
      subject,
      call: async operation => (await core.terminateComputeSystem(system, operation, null)).status,
    });
  } catch (error) {
    if (!isStatus(error, ...alreadyEnded, pending)) throw error;
  }
}

interface NewProcess {
  readonly system: Handle;
  readonly systemId: string;
  readonly document: string;
  readonly watcher: ProcessWatcher;
  readonly signal: AbortSignal | undefined;
}

async function createProcess(
  core: Computecore,
  { system, systemId, document, watcher, signal }: NewProcess,
): Promise<ProcessCalls> {
  let process: Handle = 0n;
  const context = eventListeners.add(notice => tellExit(notice, watcher));
  const close = async () => {
    const closed = process;
    process = 0n;
    if (closed !== 0n) await core.closeProcess(closed);
    eventListeners.remove(context);
  };
  let information: ProcessInformation | undefined;
  try {
    information = await runProcessOperation(core, {
      api: 'HcsCreateProcess',
      subject: systemId,
      signal,
      async call(operation) {
        const { status, outs } = await core.createProcess(system, document, operation);
        [process] = outs;
        return status;
      },
    });
    await core.setProcessCallback(process, noOptions, context, eventListeners.pointer());
    const kill = async () => {
      if (process !== 0n) await terminateProcess(core, process, systemId);
    };
    return { information, kill, close };
  } catch (error) {
    if (information) closePipes(information);
    await close();
    throw error;
  }
}

function tellExit({ type, data }: HcsNotice, watcher: ProcessWatcher): void {
  if (type !== event.processExited) return;
  try {
    watcher.ended(exitCodeOf('HcsSetProcessCallback', data));
  } catch (error) {
    watcher.lost(error);
  }
}

async function terminateProcess(
  core: Computecore,
  process: Handle,
  subject: string,
): Promise<void> {
  try {
    await runOperation(core, {
      api: 'HcsTerminateProcess',
      subject,
      call: async operation => (await core.terminateProcess(process, operation, null)).status,
    });
  } catch (error) {
    if (!isStatus(error, ...alreadyEnded, accessDenied)) throw error;
  }
}
