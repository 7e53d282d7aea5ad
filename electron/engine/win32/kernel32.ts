import { declare } from './call.ts';
import { win32 } from './checked.ts';
import type { Dll } from './dll.ts';
import {
  bool,
  buffer,
  handle,
  none,
  outBytes,
  outU32,
  u32,
  wide,
  type Handle,
} from './parameter.ts';

export type Kernel32 = ReturnType<typeof bindKernel32>;

/** Three ULARGE_INTEGERs. */
const u64At = (bytes: Uint8Array) => Number(Buffer.from(bytes).readBigUInt64LE(0));

/** kernel32.dll: files with backup semantics, memory that others allocated, volumes, code pages (learn.microsoft.com). */
export function bindKernel32(dll: Dll) {
  const getLastError = declare(dll, 'GetLastError', 'uint32', []);
  const localFree = declare(dll, 'LocalFree', 'void *', [handle]);
  const getCurrentProcess = declare(dll, 'GetCurrentProcess', 'void *', []);
  const getOemCp = declare(dll, 'GetOEMCP', 'uint32', []);
  const lastError = () => getLastError.sync([]).result as number;
  const call = win32(lastError);
  /** LPVOID *lpContext of BackupRead and BackupWrite: in and out, so its bytes stay with the file that is open. */
  const context = buffer;
  return {
    lastError,
    localFree: (pointer: Handle): void => {
      localFree.sync([pointer]);
    },
    /** A pseudo handle, which needs no closing. */
    getCurrentProcess: () => getCurrentProcess.sync([]).result as Handle,
    /** The code page of consoles, such as 437 or 850. */
    getOemCodePage: () => getOemCp.sync([]).result as number,
    /** CreateFileW(name, access, share, security, disposition, flags, template). */
    createFile: call.handle(dll, 'CreateFileW', [wide, u32, u32, none, u32, u32, none]),
    closeHandle: call.boolSync(dll, 'CloseHandle', [handle]),
    /** CreateDirectoryW(path, security). */
    createDirectory: call.bool(dll, 'CreateDirectoryW', [wide, none]),
    /** CreateHardLinkW(new name, existing name, reserved). */
    createHardLink: call.bool(dll, 'CreateHardLinkW', [wide, wide, none]),
    /** GetFileInformationByHandleEx(file, class, information, size). */
    getFileInformation: call.bool(dll, 'GetFileInformationByHandleEx', [handle, u32, buffer, u32]),
    /** SetFileInformationByHandle(file, class, information, size). */
    setFileInformation: call.bool(dll, 'SetFileInformationByHandle', [handle, u32, buffer, u32]),
    /** BackupRead(file, buffer, size, bytes read, abort, security, context). */
    backupRead: call.bool(dll, 'BackupRead', [handle, buffer, u32, outU32, bool, bool, context]),
    /** BackupWrite(file, buffer, size, bytes written, abort, security, context). */
    backupWrite: call.bool(dll, 'BackupWrite', [handle, buffer, u32, outU32, bool, bool, context]),
    /** GetDiskFreeSpaceExW(directory, free for the caller, size, free): bytes. */
    getDiskFreeSpace: call.bool(dll, 'GetDiskFreeSpaceExW', [
      wide,
      outBytes(8, u64At),
      outBytes(8, u64At),
      outBytes(8, u64At),
    ]),
    /** GetVolumePathNameW(file, buffer, length in UTF-16 units). */
    getVolumePathName: call.bool(dll, 'GetVolumePathNameW', [wide, buffer, u32]),
    /** GetVolumeInformationW(root, name, size, serial, longest name, flags, file system, size). */
    getVolumeInformation: call.bool(dll, 'GetVolumeInformationW', [
      wide,
      none,
      u32,
      none,
      none,
      outU32,
      buffer,
      u32,
    ]),
  };
}
