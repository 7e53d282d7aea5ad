import { describe, expect, it } from 'vitest';
import { layerData } from '../../../../electron/engine/hcs/layers/layer-data.ts';
import {
  addEndpointDocument,
  endpointDocument,
  namespaceDocument,
} from '../../../../electron/engine/hcs/networks/documents.ts';
import {
  endpointGuid,
  namespaceGuid,
} from '../../../../electron/engine/hcs/networks/namespaces.ts';
import { containerDocument } from '../../../../electron/engine/hcs/systems/container-document.ts';
import { hyperVDocument } from '../../../../electron/engine/hcs/systems/hyperv-document.ts';
import { processDocument } from '../../../../electron/engine/hcs/systems/process-document.ts';

const parents = [
  { layerGuid: '18955d65-d45a-557b-bf1c-49d6dfefc526', path: String.raw`C:\store\b` },
  { layerGuid: '66d1ef4c-7a00-11e6-8948-00155ddbef9d', path: String.raw`C:\store\a` },
];
const layers = [
  { Id: '18955d65-d45a-557b-bf1c-49d6dfefc526', Path: String.raw`C:\store\b` },
  { Id: '66d1ef4c-7a00-11e6-8948-00155ddbef9d', Path: String.raw`C:\store\a` },
];
const volumePath = '\\\\?\\Volume{66d1ef4c-7a00-11e6-8948-00155ddbef9d}\\';
const mounts = [
  { hostPath: String.raw`D:\cache`, containerPath: String.raw`C:\cache`, readOnly: false },
  { hostPath: String.raw`D:\src`, containerPath: String.raw`C:\src`, readOnly: true },
];

describe('layer data', () => {
  it('lists the parents nearest first, in schema 2.1', () => {
    expect(JSON.parse(layerData(parents))).toEqual({
      SchemaVersion: { Major: 2, Minor: 1 },
      Layers: layers,
    });
  });

  it('has no list where there are no parents', () => {
    expect(layerData([])).toBe('{"SchemaVersion":{"Major":2,"Minor":1}}');
  });
});

describe('the document of a process-isolated container', () => {
  it('is the ComputeSystem that hcsshim makes of the same container', () => {
    const document = containerDocument({
      hostName: 'build-1a2b3c4d',
      parentsNearestFirst: parents,
      volumePath,
      mounts,
      memoryBytes: 2 * 1024 ** 3 + 1,
      cpus: 2,
      networkNamespace: '8cbb599b-7669-868f-8881-e63ea5b9d5a4',
    });
    expect(JSON.parse(document)).toEqual({
      Owner: 'layerwright',
      SchemaVersion: { Major: 2, Minor: 1 },
      Container: {
        GuestOs: { HostName: 'build-1a2b3c4d' },
        Storage: { Layers: layers, Path: volumePath },
        MappedDirectories: [
          { HostPath: String.raw`D:\cache`, ContainerPath: String.raw`C:\cache` },
          { HostPath: String.raw`D:\src`, ContainerPath: String.raw`C:\src`, ReadOnly: true },
        ],
        Memory: { SizeInMB: 2049 },
        Processor: { Count: 2 },
        Networking: {
          AllowUnqualifiedDnsQuery: true,
          Namespace: '8cbb599b-7669-868f-8881-e63ea5b9d5a4',
        },
      },
      ShouldTerminateOnLastHandleClosed: true,
    });
  });

  it('leaves out what is not set, and keeps an empty Processor', () => {
    const document = containerDocument({
      hostName: 'build',
      parentsNearestFirst: parents,
      volumePath,
      mounts: [],
    });
    expect(JSON.parse(document)).toMatchObject({ Container: { Processor: {} } });
    expect(document).not.toMatch(/null|\[\]|""|Memory|Networking|MappedDirectories/);
  });
});

describe('the document of a Hyper-V container', () => {
  it('is the ContainerConfig that docker makes of the same container', () => {
    const document = hyperVDocument({
      systemId: 'layerwright-1',
      hostName: 'build-1a2b3c4d',
      scratchDir: String.raw`C:\store\scratch`,
      parentsNearestFirst: parents,
      utilityVmDir: String.raw`C:\store\a\UtilityVM`,
      mounts,
      memoryBytes: 1024 ** 3,
      cpus: 4,
      networkEndpoint: 'eef2649d-bb17-4d53-9937-295a8efe6f2c',
    });
    expect(JSON.parse(document)).toEqual({
      SystemType: 'Container',
      Name: 'layerwright-1',
      Owner: 'layerwright',
      LayerFolderPath: String.raw`C:\store\scratch`,
      Layers: layers.map(({ Id, Path }) => ({ ID: Id, Path })),
      ProcessorCount: 4,
      MemoryMaximumInMB: 1024,
      HostName: 'build-1a2b3c4d',
      MappedDirectories: mounts.map(({ hostPath, containerPath, readOnly }) => ({
        HostPath: hostPath,
        ContainerPath: containerPath,
        ReadOnly: readOnly,
      })),
      HvPartition: true,
      EndpointList: ['eef2649d-bb17-4d53-9937-295a8efe6f2c'],
      AllowUnqualifiedDNSQuery: true,
      HvRuntime: { ImagePath: String.raw`C:\store\a\UtilityVM` },
      TerminateOnLastHandleClosed: true,
    });
  });
});

describe('the document of a process', () => {
  it('asks for pipes of its output, and leaves out an empty user and variables without value', () => {
    const document = processDocument({
      commandLine: 'cmd /S /C "echo %A%"',
      workingDir: 'C:\\',
      env: { A: '1', EMPTY: '' },
      user: '',
    });
    expect(JSON.parse(document)).toEqual({
      CommandLine: 'cmd /S /C "echo %A%"',
      WorkingDirectory: 'C:\\',
      Environment: { A: '1' },
      CreateStdOutPipe: true,
      CreateStdErrPipe: true,
    });
  });

  it('names the user', () => {
    const document = processDocument({
      commandLine: 'whoami',
      workingDir: 'C:\\',
      env: {},
      user: 'ContainerUser',
    });
    expect(JSON.parse(document)).toMatchObject({ User: 'ContainerUser' });
  });
});

describe('the documents of networks', () => {
  it('are those of schema 2.0', () => {
    expect(JSON.parse(namespaceDocument)).toEqual({
      Type: 'Host',
      SchemaVersion: { Major: 2, Minor: 0 },
    });
    expect(JSON.parse(endpointDocument('layerwright-1', 'net'))).toEqual({
      Name: 'layerwright-1',
      HostComputeNetwork: 'net',
      SchemaVersion: { Major: 2, Minor: 0 },
    });
    expect(JSON.parse(addEndpointDocument('endpoint'))).toEqual({
      ResourceType: 'Endpoint',
      RequestType: 'Add',
      Settings: { EndpointId: 'endpoint' },
    });
  });

  it('name an owner by GUIDs that follow from it alone', () => {
    const guid = /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
    expect(endpointGuid('layerwright-1')).toMatch(guid);
    expect(endpointGuid('layerwright-1')).toBe(endpointGuid('layerwright-1'));
    const all = ['a', 'b'].flatMap(owner => [endpointGuid(owner), namespaceGuid(owner)]);
    expect(new Set(all).size).toBe(4);
  });
});
