import type { DllPaths } from '../win32/dll.ts';
import { openLibraries } from '../win32/libraries.ts';
import { createBackupFiles } from './files/backup-files.ts';
import type { WindowsHost } from './host.ts';
import { createLayerStorage } from './layers/layer-storage.ts';
import { createNetworks } from './networks/networks.ts';
import { enableLayerPrivileges } from './privileges.ts';
import { createScratchStorage } from './scratch/scratch-storage.ts';
import { createComputeSystems } from './systems/compute-systems.ts';

export interface WindowsHostOptions {
  /** Files to load in place of the DLLs of Windows: test doubles. */
  readonly libraries?: DllPaths;
}

/** This Windows host. Nothing is loaded before it is needed; what is missing fails with `windows-library-missing`. */
export function createWindowsHost(options: WindowsHostOptions = {}): WindowsHost {
  const libraries = openLibraries(options.libraries);
  return {
    layers: createLayerStorage(libraries),
    files: createBackupFiles(libraries.kernel32),
    scratches: createScratchStorage(libraries),
    systems: createComputeSystems(libraries),
    networks: createNetworks(libraries.computenetwork),
    enablePrivileges: () => enableLayerPrivileges(libraries),
    oemCodePage: () => libraries.kernel32.getOemCodePage(),
  };
}
