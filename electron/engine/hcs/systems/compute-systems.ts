import path from 'node:path';
import { AppError } from '../../../../shared/failure.ts';
import { exists } from '../../content/file-system.ts';
import type { Libraries } from '../../win32/libraries.ts';
import type { ComputeSystems, ContainerSpec } from '../host.ts';
import { describeLayers } from '../layers/layer-guids.ts';
import { endpointGuid, joinNamespace } from '../networks/namespaces.ts';
import { computecoreSystem } from './computecore-system.ts';
import { startContainer } from './container.ts';
import { containerDocument } from './container-document.ts';
import { hyperVDocument } from './hyperv-document.ts';
import { sweepSystems } from './sweep-systems.ts';
import { vmcomputeSystem } from './vmcompute-system.ts';

/** Containers with process isolation by computecore.dll (schema 2.1), with Hyper-V isolation by vmcompute.dll (schema 1). */
export function createComputeSystems(libraries: Libraries): ComputeSystems {
  return {
    async start(spec, signal) {
      const { id: systemId } = spec;
      if (spec.isolation === 'hyperv') {
        const document = await hyperVDocumentOf(libraries, spec);
        const { vmcomputeSystems } = libraries;
        const open = (lost: (reason: string) => void) =>
          vmcomputeSystem(vmcomputeSystems, systemId, lost);
        return await startContainer({ systemId, open, document }, signal);
      }
      const document = await containerDocumentOf(libraries, spec);
      const open = (lost: (reason: string) => void) =>
        computecoreSystem(libraries.computecore, systemId, lost);
      return await startContainer({ systemId, open, document }, signal);
    },
    sweep: async isAlive => await sweepSystems(libraries.computecore, isAlive),
  };
}

async function containerDocumentOf(libraries: Libraries, spec: ContainerSpec): Promise<string> {
  const { networkNamespace } = spec;
  if (networkNamespace !== undefined) {
    await joinNamespace(libraries.computenetwork, networkNamespace, endpointGuid(spec.id));
  }
  return containerDocument({
    ...spec,
    parentsNearestFirst: await describeLayers(libraries.vmcompute, spec.parentsNearestFirst),
    volumePath: spec.scratch.volumePath,
  });
}

async function hyperVDocumentOf(libraries: Libraries, spec: ContainerSpec): Promise<string> {
  const { parentsNearestFirst, networkNamespace } = spec;
  return hyperVDocument({
    ...spec,
    systemId: spec.id,
    parentsNearestFirst: await describeLayers(libraries.vmcompute, parentsNearestFirst),
    scratchDir: spec.scratch.dir,
    utilityVmDir: await findUtilityVm(parentsNearestFirst),
    ...(networkNamespace === undefined ? {} : { networkEndpoint: endpointGuid(spec.id) }),
  });
}

/** Docker and hcsshim (uvmfolder) take the nearest layer that has one. */
async function findUtilityVm(parentsNearestFirst: readonly string[]): Promise<string> {
  for (const layerDir of parentsNearestFirst) {
    const folder = path.join(layerDir, 'UtilityVM');
    if (await exists(folder)) return folder;
  }
  throw new AppError({ code: 'utility-vm-missing' });
}
