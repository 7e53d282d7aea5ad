import { apiFailure } from '../../win32/failures.ts';
import type { Kernel32 } from '../../win32/kernel32.ts';
import type { Handle } from '../../win32/parameter.ts';
import type { BackupFile } from '../host.ts';
import { setBasicInfo } from './basic-information.ts';

const eFail = 0x8000_4005;
const chunkSize = 64 * 1024;
const nothing = new Uint8Array(1);

/** A file that is open for BackupWrite; `file` is closed with it. */
export function backupFileOf(kernel32: Kernel32, file: Handle, path: string): BackupFile {
  const context = new Uint8Array(8);
  let isOpen = true;
  return {
    async write(bytes) {
      // BackupWrite with no bytes would be taken for the end of a stream.
      if (bytes.length === 0) return;
      const [written] = await kernel32.backupWrite(file, bytes, bytes.length, false, true, context);
      if (written !== bytes.length) throw apiFailure('BackupWrite', eFail, { subject: path });
    },
    setBasicInfo: async info => await setBasicInfo(kernel32, file, info),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      try {
        await endBackup(kernel32.backupWrite, file, context);
      } finally {
        kernel32.closeHandle(file);
      }
    },
  };
}

/** The backup streams of an open file; chunks are valid until the next. */
export async function* readBackup(
  kernel32: Kernel32,
  file: Handle,
  withSecurity: boolean,
): AsyncGenerator<Uint8Array> {
  const context = new Uint8Array(8);
  const chunk = new Uint8Array(chunkSize);
  try {
    while (true) {
      const [size] = await kernel32.backupRead(
        file,
        chunk,
        chunkSize,
        false,
        withSecurity,
        context,
      );
      if (size === 0) return;
      yield chunk.subarray(0, size);
    }
  } finally {
    await endBackup(kernel32.backupRead, file, context);
  }
}

/** Gives the context of BackupRead or BackupWrite back, if one was made (bAbort). */
async function endBackup(
  call: Kernel32['backupRead'],
  file: Handle,
  context: Uint8Array,
): Promise<void> {
  if (context.every(byte => byte === 0)) return;
  await call(file, nothing, 0, true, false, context);
}
