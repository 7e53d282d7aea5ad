import type { Handle } from '../../win32/parameter.ts';
import type { Kernel32 } from '../../win32/kernel32.ts';
import { nativePath } from './native-path.ts';

/** Rights, sharing and dispositions of CreateFileW (winnt.h, fileapi.h). */
export const access = {
  readAttributes: 0x80,
  writeAttributes: 0x100,
  delete: 0x1_0000,
  writeDac: 0x4_0000,
  writeOwner: 0x8_0000,
  systemSecurity: 0x100_0000,
  genericWrite: 0x4000_0000,
  genericRead: 0x8000_0000,
} as const;
export const shareRead = 1;
export const shareAll = 7;
export const createNew = 1;
export const openExisting = 3;
/** FILE_FLAG_BACKUP_SEMANTICS uses our privileges and opens directories; FILE_FLAG_OPEN_REPARSE_POINT never follows. */
const flags = 0x0200_0000 | 0x0020_0000;

interface OpenFile {
  readonly rights: number;
  readonly share: number;
  readonly disposition: number;
}

/** Opens what is at `path` itself, file or directory. Fails with `windows-api`. */
export async function openFile(
  kernel32: Kernel32,
  path: string,
  { rights, share, disposition }: OpenFile,
): Promise<Handle> {
  return await kernel32.createFile(nativePath(path), rights >>> 0, share, disposition, flags);
}

/** Opens, works and closes. */
export async function withFile<T>(
  kernel32: Kernel32,
  path: string,
  how: OpenFile,
  work: (file: Handle) => Promise<T>,
): Promise<T> {
  const file = await openFile(kernel32, path, how);
  try {
    return await work(file);
  } finally {
    kernel32.closeHandle(file);
  }
}
