import { isWin32 } from '../../win32/failures.ts';
import type { Kernel32 } from '../../win32/kernel32.ts';
import type { Handle } from '../../win32/parameter.ts';
import type { BackupFiles } from '../host.ts';
import { backupFileOf, readBackup } from './backup-file.ts';
import { readBasicInfo, setBasicInfo } from './basic-information.ts';
import { nativePath } from './native-path.ts';
import {
  access,
  createNew,
  openExisting,
  openFile,
  shareAll,
  shareRead,
  withFile,
} from './open-file.ts';

/** FileDispositionInfo of FILE_INFO_BY_HANDLE_CLASS (minwinbase.h). */
const fileDispositionInfo = 4;
const attributeReadOnly = 0x1;
const attributeNormal = 0x80;
const error = { fileNotFound: 2, pathNotFound: 3, accessDenied: 5, alreadyExists: 183 } as const;

/** What hcsshim's baseLayerWriter opens files of base layers with. */
const writing =
  access.genericRead |
  access.genericWrite |
  access.writeDac |
  access.writeOwner |
  access.systemSecurity;

/** Files of layers over kernel32.dll. The process needs SeBackupPrivilege and SeRestorePrivilege. */
export function createBackupFiles(kernel32: Kernel32): BackupFiles {
  return {
    async create(path, kind) {
      if (kind === 'directory') await makeDirectory(kernel32, path);
      const disposition = kind === 'directory' ? openExisting : createNew;
      const file = await openFile(kernel32, path, {
        rights: writing,
        share: shareRead,
        disposition,
      });
      return backupFileOf(kernel32, file, path);
    },
    async *read(path, withSecurity) {
      const rights = access.genericRead | (withSecurity ? access.systemSecurity : 0);
      const how = { rights, share: shareRead, disposition: openExisting };
      const file = await openFile(kernel32, path, how);
      try {
        yield* readBackup(kernel32, file, withSecurity);
      } finally {
        kernel32.closeHandle(file);
      }
    },
    async basicInfo(path) {
      const how = { rights: access.readAttributes, share: shareAll, disposition: openExisting };
      return await withFile(kernel32, path, how, async file => await readBasicInfo(kernel32, file));
    },
    async setBasicInfo(path, info) {
      const how = { rights: access.writeAttributes, share: shareAll, disposition: openExisting };
      await withFile(kernel32, path, how, async file => await setBasicInfo(kernel32, file, info));
    },
    async hardLink(path, target) {
      await kernel32.createHardLink(nativePath(path), nativePath(target));
    },
    async remove(path) {
      try {
        await removeFile(kernel32, path);
      } catch (failure) {
        if (!isWin32(failure, error.fileNotFound, error.pathNotFound)) throw failure;
      }
    },
  };
}

async function makeDirectory(kernel32: Kernel32, path: string): Promise<void> {
  try {
    await kernel32.createDirectory(nativePath(path));
  } catch (failure) {
    if (!isWin32(failure, error.alreadyExists)) throw failure;
  }
}

/** Deletes through a handle with backup semantics, as hcsshim's safefile does: DeleteFileW would ask the owner's rights. */
async function removeFile(kernel32: Kernel32, path: string): Promise<void> {
  const rights = access.delete | access.readAttributes | access.writeAttributes;
  const how = { rights, share: shareAll, disposition: openExisting };
  await withFile(kernel32, path, how, async file => {
    try {
      await markDeleted(kernel32, file);
    } catch (failure) {
      if (!isWin32(failure, error.accessDenied)) throw failure;
      await clearReadOnly(kernel32, file);
      await markDeleted(kernel32, file);
    }
  });
}

async function markDeleted(kernel32: Kernel32, file: Handle): Promise<void> {
  await kernel32.setFileInformation(file, fileDispositionInfo, new Uint8Array([1]), 1);
}

async function clearReadOnly(kernel32: Kernel32, file: Handle): Promise<void> {
  const info = await readBasicInfo(kernel32, file);
  const attributes = info.attributes & ~attributeReadOnly;
  await setBasicInfo(kernel32, file, { ...info, attributes: attributes || attributeNormal });
}
