import { declare } from './call.ts';
import { settle } from './checked.ts';
import type { Dll } from './dll.ts';
import { win32Failure } from './failures.ts';
import { none, u32, wide } from './parameter.ts';

export type Shell32 = ReturnType<typeof bindShell32>;

/** ShellExecuteW gives a number up to this where it fails (learn.microsoft.com). */
const largestFailure = 32n;

/** shell32.dll: starting a program as the shell does, which is how Windows asks for elevation. */
export function bindShell32(dll: Dll, lastError: () => number) {
  const execute = declare(dll, 'ShellExecuteW', 'void *', [none, wide, wide, wide, wide, u32]);
  return {
    /**
     * ShellExecuteW(no window, verb, file, parameters, folder, how to show it). It waits for the person's answer to
     * the question of Windows; ERROR_CANCELLED (1223) is a no.
     */
    async shellExecute(...args: Parameters<typeof execute.async>[0]): Promise<void> {
      const { answer, error } = await settle(execute, args, lastError);
      const started = (answer.result as bigint | null) ?? 0n;
      if (started <= largestFailure) throw win32Failure('ShellExecuteW', error, args[1]);
    },
  };
}
