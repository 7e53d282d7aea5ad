import path from 'node:path';
import { exists } from '../../content/file-system.ts';
import { isWin32 } from '../../win32/failures.ts';
import type { Libraries } from '../../win32/libraries.ts';
import type { LayerStorage } from '../host.ts';
import { endTemplates } from '../systems/sweep-systems.ts';
import { layerData } from './layer-data.ts';
import { describeLayers } from './layer-guids.ts';

const errorFileNotFound = 2;
const errorPathNotFound = 3;

/**
 * Read-only layers: import, export and destruction by computestorage.dll, base layers by vmcompute.dll. None of these can
 * be stopped once they run.
 */
export function createLayerStorage(libraries: Libraries): LayerStorage {
  const { computestorage, vmcompute } = libraries;
  const dataOf = async (parentsNearestFirst: readonly string[]) =>
    layerData(await describeLayers(vmcompute, parentsNearestFirst));
  return {
    async importLayer(layerDir, sourceDir, parentsNearestFirst) {
      await computestorage.importLayer(layerDir, sourceDir, await dataOf(parentsNearestFirst));
    },
    async exportLayer(layerDir, exportDir, parentsNearestFirst) {
      const data = await dataOf(parentsNearestFirst);
      await computestorage.exportLayer(layerDir, exportDir, data, exportOptions);
    },
    async destroyLayer(layerDir) {
      const utilityVm = path.join(layerDir, 'UtilityVM');
      if (await exists(utilityVm)) await endTemplates(libraries.computecore, layerDir);
      await destroyLayer(libraries, layerDir);
    },
    async processBaseLayer(layerDir) {
      await vmcompute.processBaseImage(layerDir);
    },
    async processUtilityVm(utilityVmDir) {
      await vmcompute.processUtilityImage(utilityVmDir);
    },
  };
}

/** ExportLayerOptions (HCS schema): what is exported here is always the scratch of a step. */
const exportOptions = JSON.stringify({ IsWritableLayer: true });

/** HcsDestroyLayer; a folder that is not there is no failure. */
export async function destroyLayer(
  { computestorage }: Pick<Libraries, 'computestorage'>,
  layerDir: string,
): Promise<void> {
  if (!(await exists(layerDir))) return;
  try {
    await computestorage.destroyLayer(layerDir);
  } catch (error) {
    if (!isWin32(error, errorFileNotFound, errorPathNotFound)) throw error;
  }
}
