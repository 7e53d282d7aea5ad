import { notificationListeners, type HcsNotice } from '../../win32/callbacks.ts';
import { apiFailure, isStatus } from '../../win32/failures.ts';
import type { Handle } from '../../win32/parameter.ts';
import { closePipes } from '../../win32/pipe.ts';
import type { VmcomputeSystems } from '../../win32/vmcompute.ts';
import { asHresult } from '../../../../shared/windows/explain-status.ts';
import { exitCodeOf } from './answers.ts';
import {
  accessDenied,
  alreadyEnded,
  isFailure,
  operationTimeout,
  pending,
  timeoutMs,
} from './statuses.ts';
import type { ProcessCalls, ProcessWatcher, SystemCalls } from './system-calls.ts';

/** HCS_NOTIFICATIONS (computedefs.h). */
const notification = {
  systemExited: 1,
  systemCreated: 2,
  systemStarted: 3,
  processExited: 0x1_0000,
  serviceDisconnect: 0x100_0000,
} as const;

/**
 * A compute system through vmcompute.dll, for documents of schema 1, in the order of hcsshim internal/hcs: where a call
 * answers that it is pending, its notification tells the end.
 */
export function vmcomputeSystem(
  calls: VmcomputeSystems,
  systemId: string,
  lost: (reason: string) => void,
): SystemCalls {
  let system: Handle = 0n;
  let callback: Handle = 0n;
  const notices = createNotices(lost);
  const settle = async (api: string, answer: Answer, type: number) => {
    const failed = (status: number) =>
      apiFailure(api, status, { subject: systemId, document: answer.document });
    if (asHresult(answer.status) !== pending) {
      if (isFailure(answer.status)) throw failed(answer.status);
      return;
    }
    const status = await notices.wait(type);
    if (isFailure(status)) throw failed(status);
  };
  return {
    async create(document) {
      const { status, outs } = await calls.createComputeSystem(systemId, document);
      const [created, result] = outs;
      system = created;
      if (system !== 0n) {
        const pointer = notificationListeners.pointer();
        [callback] = await calls.registerComputeSystemCallback(system, pointer, notices.context);
      }
      const answer = { status, document: result };
      await settle('HcsCreateComputeSystem', answer, notification.systemCreated);
    },
    async start() {
      const { status, outs } = await calls.startComputeSystem(system);
      const answer = { status, document: outs[0] };
      await settle('HcsStartComputeSystem', answer, notification.systemStarted);
    },
    async terminate() {
      if (system === 0n) return;
      const { status, outs } = await calls.terminateComputeSystem(system);
      const answer = { status, document: outs[0] };
      const hasEnded = alreadyEnded.some(known => known === asHresult(status));
      if (!hasEnded) await settle('HcsTerminateComputeSystem', answer, notification.systemExited);
    },
    async close() {
      const [closed, unregistered] = [system, callback];
      [system, callback] = [0n, 0n];
      if (unregistered !== 0n) await calls.unregisterComputeSystemCallback(unregistered);
      if (closed !== 0n) await calls.closeComputeSystem(closed);
      notices.close();
    },
    properties: async query => (await calls.getComputeSystemProperties(system, query))[0],
    createProcess: async (document, watcher) =>
      await createProcess(calls, { system, systemId, document, watcher }),
  };
}

interface Answer {
  readonly status: number;
  readonly document: string;
}

/** Notifications of a compute system: those that came already count for who waits later. */
function createNotices(lost: (reason: string) => void) {
  const seen = new Map<number, PromiseWithResolvers<number>>();
  const of = (type: number) => {
    const known = seen.get(type) ?? Promise.withResolvers<number>();
    seen.set(type, known);
    return known;
  };
  const context = notificationListeners.add(({ type, status }) => {
    of(type).resolve(status);
    if (type === notification.systemExited) lost('Windows ended it');
    if (type === notification.serviceDisconnect) lost('the Host Compute Service went away');
  });
  const exitedInstead = async (type: number) => {
    const status = await of(notification.systemExited).promise;
    // HCS_E_UNEXPECTED_EXIT says best what that means for who waits for something else.
    if (type === notification.systemExited || isFailure(status)) return status;
    return 0x8037_0106;
  };
  return {
    context,
    /** The HRESULT of a notification; that of the system's exit where it comes first, or a timeout. */
    async wait(type: number): Promise<number> {
      const timer = Promise.withResolvers<number>();
      const timeout = setTimeout(() => timer.resolve(operationTimeout), timeoutMs);
      try {
        return await Promise.race([of(type).promise, exitedInstead(type), timer.promise]);
      } finally {
        clearTimeout(timeout);
      }
    },
    close: () => notificationListeners.remove(context),
  };
}

interface NewProcess {
  readonly system: Handle;
  readonly systemId: string;
  readonly document: string;
  readonly watcher: ProcessWatcher;
}

async function createProcess(
  calls: VmcomputeSystems,
  { system, document, watcher, systemId }: NewProcess,
): Promise<ProcessCalls> {
  const [information, created] = await calls.createProcess(system, document);
  let process = created;
  let callback: Handle = 0n;
  const context = notificationListeners.add(notice => {
    if (process !== 0n) void tellExit(calls, process, notice, watcher);
  });
  const close = async () => {
    const [closed, unregistered] = [process, callback];
    [process, callback] = [0n, 0n];
    if (unregistered !== 0n) await calls.unregisterProcessCallback(unregistered);
    if (closed !== 0n) await calls.closeProcess(closed);
    notificationListeners.remove(context);
  };
  try {
    const pointer = notificationListeners.pointer();
    [callback] = await calls.registerProcessCallback(process, pointer, context);
  } catch (error) {
    closePipes(information);
    await close();
    throw error;
  }
  const kill = async () => {
    if (process !== 0n) await terminateProcess(calls, process, systemId);
  };
  return { information, kill, close };
}

/** The notification only says that the process has ended; its properties say how. */
async function tellExit(
  calls: VmcomputeSystems,
  process: Handle,
  { type }: HcsNotice,
  watcher: ProcessWatcher,
): Promise<void> {
  if (type !== notification.processExited) return;
  try {
    const [properties] = await calls.getProcessProperties(process);
    watcher.ended(exitCodeOf('HcsGetProcessProperties', properties));
  } catch (error) {
    watcher.lost(error);
  }
}

async function terminateProcess(
  calls: VmcomputeSystems,
  process: Handle,
  subject: string,
): Promise<void> {
  const { status, outs } = await calls.terminateProcess(process);
  if (!isFailure(status) || asHresult(status) === pending) return;
  const failure = apiFailure('HcsTerminateProcess', status, { subject, document: outs[0] });
  if (!isStatus(failure, ...alreadyEnded, accessDenied)) throw failure;
}
