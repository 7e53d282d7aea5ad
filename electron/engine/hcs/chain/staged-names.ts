import { sep } from 'node:path';

/** The folders at the top of a layer (hcsshim wclayer, legacy.go). */
export const filesFolder = 'Files';
export const hivesFolder = 'Hives';
export const utilityVmFolder = 'UtilityVM';
export const utilityVmFilesFolder = 'UtilityVM/Files';

/** Beside a directory of the staged form lies a file with its attributes and backup streams. */
export const directoryFileSuffix = '.$wcidirs$';
/** What the layer deletes, in the staged form that Windows exports. */
export const tombstonesFile = 'tombstones.txt';

/** Bytes of attributes before the backup streams of a staged file. */
export const attributesSize = 4;

export const directoryAttribute = 0x10;
export const reparseAttribute = 0x400;

/** The native path of a path inside a layer; nothing is normalized, so that odd names stay what they are. */
export function nativePath(dir: string, path: string): string {
  return dir + sep + path.replaceAll('/', sep);
}

/** Tells whether `path` lies in `folder`, and is not that itself. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/**
 * Files that Windows changes when it makes a utility VM of a folder, each with the name under which the original is
 * kept in the folder of the layer (hcsshim ociwclayer/import.go).
 */
export const mutatedFiles: ReadonlyMap<string, string> = new Map([
  ['UtilityVM/Files/EFI/Microsoft/Boot/BCD', 'bcd.bak'],
  ['UtilityVM/Files/EFI/Microsoft/Boot/BCD.LOG', 'bcd.log.bak'],
  ['UtilityVM/Files/EFI/Microsoft/Boot/BCD.LOG1', 'bcd.log1.bak'],
  ['UtilityVM/Files/EFI/Microsoft/Boot/BCD.LOG2', 'bcd.log2.bak'],
]);
