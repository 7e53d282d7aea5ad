import { win32 } from 'node:path';
import { koffi, type KoffiType } from './koffi.ts';
import { missingLibrary, missingFunction } from './failures.ts';
import type { KoffiFunction } from './call.ts';

/** The DLLs that have a manifest here. */
export type DllName =
  | 'advapi32'
  | 'computecore'
  | 'computenetwork'
  | 'computestorage'
  | 'kernel32'
  | 'ntdll'
  | 'ole32'
  | 'shell32'
  | 'vmcompute';

/** Other files to load in place of the DLLs of Windows: test doubles. */
export type DllPaths = Partial<Readonly<Record<DllName, string>>>;

/** A DLL that is loaded when the first of its functions is called. */
export interface Dll {
  readonly name: DllName;
  /** Whether it can be loaded; that loads it. */
  isThere(): boolean;
  /** Fails with `windows-library-missing`. */
  func(name: string, result: KoffiType, parameters: readonly KoffiType[]): KoffiFunction;
}

type Library = ReturnType<ReturnType<typeof koffi>['load']>;

/** By file. They are never let go of: koffi unloads what nobody holds, also while Windows still calls back into it. */
const loaded = new Map<string, Library>();

/** Loads nothing yet. */
export function openDll(name: DllName, paths: DllPaths): Dll {
  const library = () => load(name, paths[name]);
  return {
    name,
    isThere() {
      try {
        library();
        return true;
      } catch {
        return false;
      }
    },
    func(functionName, result, parameters) {
      const found = library();
      try {
        return found.func(functionName, result, [...parameters]) as KoffiFunction;
      } catch (error) {
        throw missingFunction(name, functionName, error);
      }
    },
  };
}

function load(name: DllName, path: string | undefined): Library {
  if (path === undefined && process.platform !== 'win32') throw missingLibrary(name);
  const file = path ?? systemFile(name);
  const known = loaded.get(file);
  if (known) return known;
  const { load: loadLibrary } = koffi();
  try {
    const library = loadLibrary(file);
    loaded.set(file, library);
    return library;
  } catch (error) {
    throw missingLibrary(name, error);
  }
}

/** With its folder: by name alone Windows would first look beside our own program, where anybody may have put one. */
function systemFile(name: DllName): string {
  return win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', `${name}.dll`);
}
