import path from 'node:path';
import type { Kernel32 } from '../../win32/kernel32.ts';

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
  await kernel32.getVolumeInformation(textOf(root), 0, name, units);
  return { free, total, fileSystem: textOf(name) };
}

function textOf(utf16: Buffer): string {
  const [text = ''] = utf16.toString('utf16le').split('\0');
  return text;
}
