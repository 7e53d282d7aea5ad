import { declare } from './call.ts';
import type { Dll } from './dll.ts';
import { buffer } from './parameter.ts';

export type Ntdll = ReturnType<typeof bindNtdll>;

/** ntdll.dll: the true version of Windows; GetVersionEx says what the program's manifest knows. */
export function bindNtdll(dll: Dll) {
  const rtlGetVersion = declare(dll, 'RtlGetVersion', 'int32', [buffer]);
  return {
    /** RtlGetVersion(OSVERSIONINFOEXW, whose first field has its size); it never fails. */
    rtlGetVersion(information: Uint8Array): void {
      rtlGetVersion.sync([information]);
    },
  };
}
