import path from 'node:path';
import type { LayerDescriptor } from '../../win32/layer-parameters.ts';
import type { Vmcompute } from '../../win32/vmcompute.ts';

/** Layers with the GUIDs under which HCS knows them: NameToGuid of the name of their folder (hcsshim wclayer.LayerID). */
export async function describeLayers(
  vmcompute: Pick<Vmcompute, 'nameToGuid'>,
  layerDirs: readonly string[],
): Promise<readonly LayerDescriptor[]> {
  const described: LayerDescriptor[] = [];
  for (const dir of layerDirs) {
    const [layerGuid] = await vmcompute.nameToGuid(path.basename(dir));
    described.push({ layerGuid, path: dir });
  }
  return described;
}
