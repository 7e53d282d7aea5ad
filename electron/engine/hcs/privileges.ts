import { AppError } from '../../../shared/failure.ts';
import { isWin32 } from '../win32/failures.ts';
import type { Libraries } from '../win32/libraries.ts';

/** Needed to read and write the files of layers whoever owns them (MSDN: BackupRead, BackupWrite). */
export const layerPrivileges = ['SeBackupPrivilege', 'SeRestorePrivilege'] as const;

const tokenQuery = 0x8;
const tokenAdjustPrivileges = 0x20;
const privilegeEnabled = 0x2;
const errorNotAllAssigned = 1300;
const errorNoSuchPrivilege = 1313;

/** Enables privileges for this process, and gives those that its account does not hold. Fails with `windows-api`. */
export function enablePrivileges(
  { advapi32, kernel32 }: Libraries,
  names: readonly string[],
): readonly string[] {
  const [token] = advapi32.openProcessToken(
    kernel32.getCurrentProcess(),
    tokenAdjustPrivileges | tokenQuery,
  );
  try {
    return names.filter(name => {
      const luid = luidOf(advapi32, name);
      if (luid === undefined) return true;
      const state = tokenPrivileges(luid);
      advapi32.adjustTokenPrivileges(token, false, state, state.length);
      // The call succeeds whether or not the account holds the privilege; only the last error tells.
      return kernel32.lastError() === errorNotAllAssigned;
    });
  } finally {
    kernel32.closeHandle(token);
  }
}

/** Fails with `privilege-missing`. */
export function enableLayerPrivileges(libraries: Libraries): void {
  const missing = enablePrivileges(libraries, layerPrivileges);
  if (missing.length > 0) throw new AppError({ code: 'privilege-missing', privileges: missing });
}

function luidOf(advapi32: Libraries['advapi32'], name: string): Uint8Array | undefined {
  try {
    return advapi32.lookupPrivilegeValue(name)[0];
  } catch (error) {
    if (isWin32(error, errorNoSuchPrivilege)) return undefined;
    throw error;
  }
}

/** TOKEN_PRIVILEGES with one LUID_AND_ATTRIBUTES. */
function tokenPrivileges(luid: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(1, 0);
  bytes.set(luid, 4);
  bytes.writeUInt32LE(privilegeEnabled, 12);
  return bytes;
}
