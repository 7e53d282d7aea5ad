import { declare } from './call.ts';
import { win32 } from './checked.ts';
import type { Dll } from './dll.ts';
import { bool, buffer, handle, none, outBytes, outHandle, outU32, u32, wide } from './parameter.ts';

export type Advapi32 = ReturnType<typeof bindAdvapi32>;

/** advapi32.dll: privileges, elevation, services, the registry (learn.microsoft.com). None of these wait. */
export function bindAdvapi32(dll: Dll, lastError: () => number) {
  const call = win32(lastError);
  const getValue = declare(dll, 'RegGetValueW', 'int32', [
    handle,
    wide,
    wide,
    u32,
    none,
    buffer,
    buffer,
  ]);
  return {
    /** OpenProcessToken(process, access, token). */
    openProcessToken: call.boolSync(dll, 'OpenProcessToken', [handle, u32, outHandle]),
    /** LookupPrivilegeValueW(this machine, name, LUID): its 8 bytes. */
    lookupPrivilegeValue: call.boolSync(dll, 'LookupPrivilegeValueW', [
      none,
      wide,
      outBytes(8, bytes => Buffer.from(bytes)),
    ]),
    /**
     * AdjustTokenPrivileges(token, disable all, new state, size, previous, its size). It succeeds with
     * ERROR_NOT_ALL_ASSIGNED as the last error where the account does not hold them.
     */
    adjustTokenPrivileges: call.boolSync(dll, 'AdjustTokenPrivileges', [
      handle,
      bool,
      buffer,
      u32,
      none,
      none,
    ]),
    /** GetTokenInformation(token, class, information, size, size needed). */
    getTokenInformation: call.boolSync(dll, 'GetTokenInformation', [
      handle,
      u32,
      buffer,
      u32,
      outU32,
    ]),
    /** RegGetValueW(key, subkey, value, flags, type, data, size: in and out); 0 where the value is there. */
    regGetValue: (...args: Parameters<typeof getValue.sync>[0]) =>
      getValue.sync(args).result as number,
    /** OpenSCManagerW(machine, database, access). */
    openServiceManager: call.handle(dll, 'OpenSCManagerW', [none, none, u32]),
    openService: call.handle(dll, 'OpenServiceW', [handle, wide, u32]),
    /** QueryServiceStatus(service, SERVICE_STATUS: 28 bytes): its state. */
    queryServiceStatus: call.bool(dll, 'QueryServiceStatus', [
      handle,
      outBytes(28, bytes => Buffer.from(bytes).readUInt32LE(4)),
    ]),
    closeServiceHandle: call.boolSync(dll, 'CloseServiceHandle', [handle]),
  };
}
