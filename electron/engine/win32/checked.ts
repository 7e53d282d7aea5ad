import { declare, type NativeCall } from './call.ts';
import type { Dll } from './dll.ts';
import { apiFailure, win32Failure } from './failures.ts';
import type { Arguments, Outputs, Parameter } from './parameter.ts';

/** A function that runs on another thread and rejects where Windows answers a failure. */
export type Async<P extends readonly Parameter[]> = (...args: Arguments<P>) => Promise<Outputs<P>>;
/** The same on this thread: for what never waits. */
export type Sync<P extends readonly Parameter[]> = (...args: Arguments<P>) => Outputs<P>;

/** A function that returns an HRESULT. An output that `documentIndex` counts is the result document of its failure. */
export function hresult<const P extends readonly Parameter[]>(
  dll: Dll,
  name: string,
  parameters: P,
  documentIndex?: number,
): Async<P> {
  const call = declare(dll, name, 'int32', parameters);
  return async (...args) => {
    const { result, outs } = await call.async(args);
    if (Number(result) < 0) {
      const document = documentIndex === undefined ? '' : (outs[documentIndex] as string);
      throw apiFailure(name, Number(result), { subject: subjectOf(args), document });
    }
    return outs;
  };
}

/** A function that returns an HRESULT which the caller looks at. */
export function status<const P extends readonly Parameter[]>(
  dll: Dll,
  name: string,
  parameters: P,
): (...args: Arguments<P>) => Promise<{ readonly status: number; readonly outs: Outputs<P> }> {
  const call = declare(dll, name, 'int32', parameters);
  return async (...args) => {
    const { result, outs } = await call.async(args);
    return { status: Number(result) >>> 0, outs };
  };
}

/** Win32 functions fail with 0, or with INVALID_HANDLE_VALUE, and say why through the thread's last error. */
export interface Win32 {
  bool<const P extends readonly Parameter[]>(dll: Dll, name: string, parameters: P): Async<P>;
  boolSync<const P extends readonly Parameter[]>(dll: Dll, name: string, parameters: P): Sync<P>;
  handle<const P extends readonly Parameter[]>(
    dll: Dll,
    name: string,
    parameters: P,
  ): (...args: Arguments<P>) => Promise<bigint>;
}

const invalidHandle = 0xffff_ffff_ffff_ffffn;

/** Functions of Win32, where `lastError` is GetLastError: it is asked in the turn in which the call ended. */
export function win32(lastError: () => number): Win32 {
  return {
    bool(dll, name, parameters) {
      const call = declare(dll, name, 'int32', parameters);
      return async (...args) => {
        const { answer, error } = await settle(call, args, lastError);
        if (answer.result === 0) throw win32Failure(name, error, subjectOf(args));
        return answer.outs;
      };
    },
    boolSync(dll, name, parameters) {
      const call = declare(dll, name, 'int32', parameters);
      return (...args) => {
        const { result, outs } = call.sync(args);
        if (result === 0) throw win32Failure(name, lastError(), subjectOf(args));
        return outs;
      };
    },
    handle(dll, name, parameters) {
      const call = declare(dll, name, 'void *', parameters);
      return async (...args) => {
        const { answer, error } = await settle(call, args, lastError);
        const opened = answer.result as bigint | null;
        if (opened === null || opened === invalidHandle) {
          throw win32Failure(name, error, subjectOf(args));
        }
        return opened;
      };
    },
  };
}

/** The answer of a call on another thread, with the last error that it left. */
export async function settle<P extends readonly Parameter[]>(
  call: NativeCall<P>,
  args: Arguments<P>,
  lastError: () => number,
) {
  let error = 0;
  const answer = await call.async(args, () => {
    error = lastError();
  });
  return { answer, error };
}

/** What a failure was about: the first path or name among the arguments; documents are not. */
function subjectOf(args: readonly unknown[]): string {
  const isSubject = (value: unknown) => typeof value === 'string' && !value.startsWith('{');
  return (args.find(isSubject) as string | undefined) ?? '';
}
