import { sep } from 'node:path';
import { pathKey } from '../../../../shared/windows/windows-path.ts';

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

const boot = `${utilityVmFilesFolder}/EFI/Microsoft/Boot`;
const mutatedFiles: ReadonlyMap<string, string> = new Map(
  ['BCD', 'BCD.LOG', 'BCD.LOG1', 'BCD.LOG2'].map(name => [
    pathKey(`${boot}/${name}`),
    `${name.toLowerCase()}.bak`,
  ]),
);

/**
 * The name under which the original of a file is kept in the folder of the layer, where it is one that Windows changes
 * when it makes a utility VM (hcsshim ociwclayer/import.go).
 */
export function originalName(path: string): string | undefined {
  return mutatedFiles.get(pathKey(path));
}
