/** Schema of the Host Networking Service that knows namespaces (hcsshim hcn, V2SchemaVersion). */
const schemaVersion = { Major: 2, Minor: 0 } as const;

/** HostComputeQuery; without a filter it lists all. */
export const queryAll = JSON.stringify({ SchemaVersion: schemaVersion, Flags: 0 });

/** HostComputeNamespace for a container on this host, in a compartment of its own. */
export const namespaceDocument = JSON.stringify({ Type: 'Host', SchemaVersion: schemaVersion });

/**
 * HostComputeEndpoint. Address, gateway and DNS servers are left to the network, as docker and hcsshim do where nothing
 * else was asked for.
 */
export function endpointDocument(name: string, networkId: string): string {
  return JSON.stringify({
    Name: name,
    HostComputeNetwork: networkId,
    SchemaVersion: schemaVersion,
  });
}

/** ModifyNamespaceSettingRequest. */
export function addEndpointDocument(endpointId: string): string {
  return JSON.stringify({
    ResourceType: 'Endpoint',
    RequestType: 'Add',
    Settings: { EndpointId: endpointId },
  });
}
