import { hresult } from './checked.ts';
import type { Dll } from './dll.ts';
import { wide } from './parameter.ts';

export type Computestorage = ReturnType<typeof bindComputestorage>;

/**
 * computestorage.dll (computestorage.h). Layer data is a LayerData document with the parents nearest first; all of these
 * work for as long as there are files, so they run on another thread.
 */
export function bindComputestorage(dll: Dll) {
  return {
    /** HcsImportLayer(layerPath, sourceFolderPath, layerData). */
    importLayer: hresult(dll, 'HcsImportLayer', [wide, wide, wide]),
    /** HcsExportLayer(layerPath, exportFolderPath, layerData, options). */
    exportLayer: hresult(dll, 'HcsExportLayer', [wide, wide, wide, wide]),
    /** HcsDestroyLayer(layerPath). */
    destroyLayer: hresult(dll, 'HcsDestroyLayer', [wide]),
  };
}
