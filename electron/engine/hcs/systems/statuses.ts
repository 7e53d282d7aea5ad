/** HRESULTs that say that there is nothing left to end (hcsshim hcs/v2/errors.go, IsAlreadyStopped). */
export const alreadyEnded = [
  0x8037_010e, // HCS_E_SYSTEM_NOT_FOUND
  0x8037_0110, // HCS_E_SYSTEM_ALREADY_STOPPED
  0x8037_011f, // HCS_E_PROCESS_ALREADY_STOPPED
  0x8007_0490, // ERROR_NOT_FOUND: a process that has ended
] as const;

/** TerminateProcess answers so for a process that is ending already (hcsshim hcs/v2/process.go, Kill). */
export const accessDenied = 0x8007_0005;

/** ERROR_VMCOMPUTE_OPERATION_PENDING: the call goes on, and a notification tells its end. */
export const pending = 0x8037_0103;

/** HCS_E_OPERATION_TIMEOUT. */
export const operationTimeout = 0x8037_0118;

/** As hcsshim: creating and starting may take minutes on a busy host, above all of virtual machines. */
export const timeoutMs = 4 * 60 * 1000;

/** HRESULTs of failures have the highest bit set. */
export function isFailure(status: number): boolean {
  return status >>> 31 === 1;
}
