import { throwIfCancelled } from '../../content/cancel.ts';
import type { Computecore } from '../../win32/computecore.ts';
import { apiFailure } from '../../win32/failures.ts';
import type { Handle } from '../../win32/parameter.ts';
import type { ProcessInformation } from '../../win32/process-information.ts';
import { isFailure, operationTimeout, timeoutMs } from './statuses.ts';

const outOfMemory = 0x8007_000e;

interface Request {
  /** For messages: the function that is called, and the id of what it is about. */
  readonly api: string;
  readonly subject: string;
  /** Calls the function with the operation that tracks it, and gives its HRESULT. */
  readonly call: (operation: Handle) => Promise<number>;
  readonly signal?: AbortSignal | undefined;
}

interface Waited {
  readonly status: number;
  readonly document: string;
}

/**
 * Runs a function of computecore.dll to its end and gives its result document (HcsCreateOperation ...
 * HcsCloseOperation). A native call cannot be given up: when `signal` is aborted the operation is asked to cancel, and
 * this settles when HCS has answered. Fails with `windows-api` and `cancelled`.
 */
export async function runOperation(core: Computecore, request: Request): Promise<string> {
  return await withOperation(core, request, async operation => {
    const { status, outs } = await core.waitForOperationResult(operation, timeoutMs);
    return [{ status, document: outs[0] }, outs[0]];
  });
}

/** The same for HcsCreateProcess: gives what is known about the process and its pipes. */
export async function runProcessOperation(
  core: Computecore,
  request: Request,
): Promise<ProcessInformation> {
  return await withOperation(core, request, async operation => {
    const { status, outs } = await core.waitForOperationResultAndProcessInfo(operation, timeoutMs);
    return [{ status, document: outs[1] }, outs[0]];
  });
}

async function withOperation<T>(
  core: Computecore,
  { api, subject, call, signal }: Request,
  wait: (operation: Handle) => Promise<readonly [Waited, T]>,
): Promise<T> {
  throwIfCancelled(signal);
  const operation = core.createOperation();
  if (operation === 0n) throw apiFailure('HcsCreateOperation', outOfMemory);
  let cancelling: Promise<unknown> | undefined;
  const cancel = () => {
    cancelling ??= core.cancelOperation(operation).catch(() => undefined);
  };
  try {
    const status = await call(operation);
    if (isFailure(status)) {
      const { outs } = await core.getOperationResult(operation);
      throw apiFailure(api, status, { subject, document: outs[0] });
    }
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted === true) cancel();
    const [waited, result] = await wait(operation);
    if (isFailure(waited.status)) {
      throwIfCancelled(signal);
      if (waited.status === operationTimeout) cancel();
      throw apiFailure(api, waited.status, { subject, document: waited.document });
    }
    return result;
  } finally {
    signal?.removeEventListener('abort', cancel);
    // It runs on another thread, and would meet an operation that is closed.
    await cancelling;
    await core.closeOperation(operation);
  }
}
