import path from 'node:path';
import type { Kernel32 } from '../../win32/kernel32.ts';
import { textUntilNul } from '../../win32/wide-text.ts';

export interface VolumeFacts {
  /** In bytes, for this user. */
  readonly free: number;
  readonly total: number;
  /** `NTFS`, `ReFS`. */
  readonly fileSystem: string;
}

/** UTF-16 units; enough for every root (MAX_PATH) and name of a file system. */
const units = 261;

/** The volume that `folder` is on. Fails with `windows-api`. */
export async function readVolume(kernel32: Kernel32, folder: string): Promise<VolumeFacts> {
  const [free, total] = await kernel32.getDiskFreeSpace(folder);
  const root = Buffer.alloc(units * 2);
  await kernel32.getVolumePathName(path.resolve(folder), root, units);
  const name = Buffer.alloc(units * 2);
  await kernel32.getVolumeInformation(textUntilNul(root), 0, name, units);
  return { free, total, fileSystem: textUntilNul(name) };
}
