import { koffi } from './koffi.ts';
import { missingLibrary, missingFunction } from './failures.ts';
import type { KoffiFunction } from './call.ts';
import type { KoffiType } from './koffi.ts';

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

/** Loads nothing yet. */
export function openDll(name: DllName, paths: DllPaths): Dll {
  let library: ReturnType<ReturnType<typeof koffi>['load']> | undefined;
  return {
    name,
    isThere() {
      try {
        library ??= load(name, paths[name]);
        return true;
      } catch {
        return false;
      }
    },
    func(functionName, result, parameters) {
      library ??= load(name, paths[name]);
      try {
        return library.func(functionName, result, [...parameters]) as KoffiFunction;
      } catch (error) {
        throw missingFunction(name, functionName, error);
      }
    },
  };
}

function load(name: DllName, file: string | undefined) {
  if (file === undefined && process.platform !== 'win32') throw missingLibrary(name);
  const { load: loadLibrary } = koffi();
  try {
    return loadLibrary(file ?? `${name}.dll`);
  } catch (error) {
    throw missingLibrary(name, error);
  }
}
