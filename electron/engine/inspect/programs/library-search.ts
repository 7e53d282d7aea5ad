import type { LibraryResolution } from '../../../../shared/ipc/inspect-views.ts';
import { hostByRule, isApiSet, isExtensionSet, setName, type ApiSetSchema } from './api-sets.ts';

/** The files of an image, its base included. */
export interface ImageFiles {
  /** The path of a file as it is spelled; undefined where there is none. */
  find(path: string): string | undefined;
  readonly schema: ApiSetSchema | undefined;
}

/** Who imports a library. */
export interface Importer {
  /** `Files/Program Files/App`. */
  readonly folder: string;
  readonly isLibrary: boolean;
  readonly is32Bit: boolean;
}

/** Finds libraries as the loader of Windows does. */
export interface LibrarySearch {
  resolve(library: string, importer: Importer): LibraryResolution;
}

const windowsFolder = 'Files/Windows';

/**
 * Searches in the folder of the importer, the system folder, Windows and the folders of PATH (Microsoft, "Dynamic-link
 * library search order"). `pathFolders` are paths such as `Files/Program Files/Git/cmd`. A library is loaded by a
 * program whose folder is not known, so for it the folders above count, too.
 */
export function createLibrarySearch(
  files: ImageFiles,
  pathFolders: readonly string[],
): LibrarySearch {
  const known = new Map<string, LibraryResolution>();

  function find(library: string, folders: readonly string[]): string | undefined {
    const name = /\.[a-z]+$/i.test(library) ? library : `${library}.dll`;
    for (const folder of folders) {
      const path = files.find(`${folder}/${name}`);
      if (path !== undefined) return path;
    }
    return undefined;
  }
  function resolve(library: string, importer: Importer): LibraryResolution {
    const system = `${windowsFolder}/${importer.is32Bit ? 'SysWOW64' : 'System32'}`;
    const systemFolders = [system, `${system}/downlevel`, windowsFolder];
    if (isApiSet(library)) {
      return resolveSet(library, files.schema, name => find(name, systemFolders));
    }
    const own = importer.isLibrary ? foldersUpFrom(importer.folder) : [importer.folder];
    const path = find(library, [...own, ...systemFolders, ...pathFolders]);
    return path === undefined ? { kind: 'missing', optional: false } : { kind: 'file', path };
  }
  return {
    resolve(library, importer) {
      const { folder, isLibrary, is32Bit } = importer;
      const name = `${library}|${folder}|${isLibrary}|${is32Bit}`.toUpperCase();
      const found = known.get(name) ?? resolve(library, importer);
      known.set(name, found);
      return found;
    },
  };
}

function resolveSet(
  library: string,
  schema: ApiSetSchema | undefined,
  find: (library: string) => string | undefined,
): LibraryResolution {
  const missing: LibraryResolution = { kind: 'missing', optional: isExtensionSet(library) };
  if (schema) {
    const host = schema.get(setName(library)) ?? '';
    // A set that the schema does not know may still be there as a file, as on Windows 7 and 8.
    if (host !== '') return { kind: 'api-set', host, by: 'schema' };
  }
  const file = find(library);
  if (file !== undefined) return { kind: 'api-set', host: file, by: 'file' };
  if (schema) return missing;
  const host = hostByRule(library);
  if (host === undefined) return { kind: 'missing', optional: true };
  return find(host) === undefined ? missing : { kind: 'api-set', host, by: 'rule' };
}

/** The folder and those above it, down to the ones directly below the root. */
function foldersUpFrom(folder: string): string[] {
  const parts = folder.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - index).join('/'));
}
