import type { LayerDescriptor } from '../../win32/layer-parameters.ts';
import type { ContainerMount } from '../host.ts';
import { layerDocuments, schemaVersion } from '../layers/layer-data.ts';

/** Tells our compute systems from those of other programs. */
export const owner = 'layerwright';

/** What a container is made of, apart from its id. */
export interface ContainerParts {
  readonly hostName: string;
  readonly parentsNearestFirst: readonly LayerDescriptor[];
  readonly mounts: readonly ContainerMount[];
  readonly memoryBytes?: number;
  readonly cpus?: number;
}

const mebibyte = 1024 * 1024;

export function memoryInMegabytes(bytes: number): number {
  return Math.ceil(bytes / mebibyte);
}

/**
 * The ComputeSystem document of a process-isolated container, schema 2.1, as hcsshim builds it (internal/hcsoci
 * hcsdoc_wcow.go: isV2Argon). Members that are not set are left out: HCS refuses empty ones. `Processor` always stands
 * there. hcsshim also changes WaitToKillServiceTimeout in the registry of the container; a build must not.
 */
export function containerDocument(
  parts: ContainerParts & {
    /** `\\?\Volume{GUID}\`, with the backslash at the end. */
    readonly volumePath: string;
    /** GUID of the HCN namespace. */
    readonly networkNamespace?: string;
  },
): string {
  const { hostName, parentsNearestFirst, mounts, memoryBytes, cpus } = parts;
  return JSON.stringify({
    Owner: owner,
    SchemaVersion: schemaVersion,
    Container: {
      GuestOs: { HostName: hostName },
      Storage: { Layers: layerDocuments(parentsNearestFirst), Path: parts.volumePath },
      ...(mounts.length === 0 ? {} : { MappedDirectories: mounts.map(mappedDirectory) }),
      ...(memoryBytes === undefined
        ? {}
        : { Memory: { SizeInMB: memoryInMegabytes(memoryBytes) } }),
      Processor: cpus === undefined ? {} : { Count: cpus },
      ...(parts.networkNamespace === undefined
        ? {}
        : { Networking: { AllowUnqualifiedDnsQuery: true, Namespace: parts.networkNamespace } }),
    },
    ShouldTerminateOnLastHandleClosed: true,
  });
}

function mappedDirectory({ hostPath, containerPath, readOnly }: ContainerMount) {
  return {
    HostPath: hostPath,
    ContainerPath: containerPath,
    ...(readOnly ? { ReadOnly: true } : {}),
  };
}
