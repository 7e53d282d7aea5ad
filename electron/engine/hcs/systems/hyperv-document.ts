import { memoryInMegabytes, owner, type ContainerParts } from './container-document.ts';

/**
 * The ContainerConfig document of a Hyper-V container, schema 1, as moby builds it (libcontainerd local_windows.go,
 * createWindows) and hcsshim types it (schema1.ContainerConfig): HCS itself makes the utility VM, attaches the layers and
 * the scratch to it, and runs the container in there.
 */
export function hyperVDocument(
  parts: ContainerParts & {
    readonly systemId: string;
    /** Folder of the scratch; its disk is attached to the utility VM. */
    readonly scratchDir: string;
    /** The `UtilityVM` folder of the nearest layer that has one. */
    readonly utilityVmDir: string;
    /** GUID of the HCN endpoint. */
    readonly networkEndpoint?: string;
  },
): string {
  const { hostName, parentsNearestFirst, mounts, memoryBytes, cpus, networkEndpoint } = parts;
  return JSON.stringify({
    SystemType: 'Container',
    Name: parts.systemId,
    Owner: owner,
    LayerFolderPath: parts.scratchDir,
    Layers: parentsNearestFirst.map(({ layerGuid, path }) => ({ ID: layerGuid, Path: path })),
    ...(cpus === undefined ? {} : { ProcessorCount: cpus }),
    ...(memoryBytes === undefined ? {} : { MemoryMaximumInMB: memoryInMegabytes(memoryBytes) }),
    HostName: hostName,
    ...(mounts.length === 0
      ? {}
      : {
          MappedDirectories: mounts.map(({ hostPath, containerPath, readOnly }) => ({
            HostPath: hostPath,
            ContainerPath: containerPath,
            ReadOnly: readOnly,
          })),
        }),
    HvPartition: true,
    ...(networkEndpoint === undefined
      ? {}
      : { EndpointList: [networkEndpoint], AllowUnqualifiedDNSQuery: true }),
    HvRuntime: { ImagePath: parts.utilityVmDir },
    TerminateOnLastHandleClosed: true,
  });
}
