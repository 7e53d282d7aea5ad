import type { Handle } from './parameter.ts';

/** HCS_PROCESS_INFORMATION (computedefs.h). Handles of pipes that were not asked for are 0. */
export interface ProcessInformation {
  readonly processId: number;
  readonly stdInput: Handle;
  readonly stdOutput: Handle;
  readonly stdError: Handle;
}

/** DWORD ProcessId, DWORD Reserved, HANDLE StdInput, StdOutput, StdError. */
export const processInformationSize = 32;

export function readProcessInformation(bytes: Uint8Array): ProcessInformation {
  const view = new DataView(bytes.buffer, bytes.byteOffset, processInformationSize);
  return {
    processId: view.getUint32(0, true),
    stdInput: view.getBigUint64(8, true),
    stdOutput: view.getBigUint64(16, true),
    stdError: view.getBigUint64(24, true),
  };
}
