import { AppError } from '../../../../shared/failure.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import type { Computenetwork } from '../../win32/computenetwork.ts';
import { isStatus } from '../../win32/failures.ts';
import type { NetworkAttachment, Networks } from '../host.ts';
import { inTurn } from '../in-turn.ts';
import {
  endpointProperties,
  listedGuids,
  networkProperties,
  type EndpointProperties,
  type NetworkProperties,
} from './answers.ts';
import { endpointDocument, namespaceDocument, queryAll } from './documents.ts';
import { endpointGuid, namespaceGuid } from './namespaces.ts';

/** Names of our compute systems and endpoints begin so. */
const prefix = 'layerwright-';

/** Networks, namespaces and endpoints by computenetwork.dll (HNS). */
export function createNetworks(hcn: Computenetwork): Networks {
  return {
    async list() {
      const networks = await listNetworks(hcn);
      return networks.map(({ name, type, subnets }) => ({ name, type, subnets }));
    },
    async attach(owner, networkName, signal) {
      throwIfCancelled(signal);
      const network = chooseNetwork(await listNetworks(hcn), networkName);
      let released: Promise<void> | undefined;
      const release = async () => {
        // Who asks after a failure tries again.
        released ??= detach(hcn, owner).catch((error: unknown) => {
          released = undefined;
          throw error;
        });
        await released;
      };
      try {
        // The endpoint first: it carries the name by which a crash is found.
        const endpoint = await createEndpoint(hcn, owner, network);
        const [namespace] = await hcn.namespaces.create(namespaceGuid(owner), namespaceDocument);
        await hcn.namespaces.close(namespace);
        throwIfCancelled(signal);
        return attachmentOf(owner, endpoint, release);
      } catch (error) {
        await release().catch(() => undefined);
        throw error;
      }
    },
    detach: async owner => await detach(hcn, owner),
    async sweep(isAlive) {
      const endpoints = await listEndpoints(hcn);
      const owners = endpoints
        .map(({ name }) => name)
        .filter(name => name.startsWith(prefix) && !isAlive(name));
      for (const owner of owners) await detach(hcn, owner);
      return owners;
    },
  };
}

function attachmentOf(
  owner: string,
  { ipAddress, gateway, dnsServers }: EndpointProperties,
  release: () => Promise<void>,
): NetworkAttachment {
  return { namespace: namespaceGuid(owner), ipAddress, gateway, dnsServers, release };
}

/** The one of that name, else the first NAT network; `nat` is the one that Windows makes with the Containers feature. */
function chooseNetwork(
  networks: readonly NetworkProperties[],
  wanted: string | undefined,
): NetworkProperties {
  const nats = networks.filter(({ type }) => type.toLowerCase() === 'nat');
  const named = (name: string) =>
    networks.find(network => network.name.toLowerCase() === name.toLowerCase());
  const chosen =
    wanted === undefined
      ? (nats.find(({ name }) => name.toLowerCase() === 'nat') ?? nats[0])
      : named(wanted);
  if (chosen) return chosen;
  const available = networks.map(({ name }) => name);
  throw new AppError({ code: 'network-missing', network: wanted ?? '', available });
}

async function createEndpoint(
  hcn: Computenetwork,
  owner: string,
  { networkId }: NetworkProperties,
): Promise<EndpointProperties> {
  const [network] = await hcn.networks.open(networkId);
  try {
    const document = endpointDocument(owner, networkId);
    const [endpoint] = await hcn.endpoints.create(network, endpointGuid(owner), document);
    try {
      const [properties] = await hcn.endpoints.query(endpoint, queryAll);
      return endpointProperties(properties);
    } finally {
      await hcn.endpoints.close(endpoint);
    }
  } finally {
    await hcn.networks.close(network);
  }
}

/** HCN_E_ENDPOINT_NOT_FOUND, ERROR_NOT_FOUND, and HNS' own for namespaces that are not there. */
const notFound = [0x803b_0002, 0x8007_0490] as const;

/** Deletes the endpoint and the namespace of `owner`, as far as they are there. */
async function detach({ endpoints, namespaces }: Computenetwork, owner: string): Promise<void> {
  const unlessGone = (error: unknown) => {
    if (!isStatus(error, ...notFound)) throw error;
  };
  await inTurn([
    async () => await endpoints.delete(endpointGuid(owner)).catch(unlessGone),
    async () => await namespaces.delete(namespaceGuid(owner)).catch(unlessGone),
  ]);
}

async function listNetworks(hcn: Computenetwork): Promise<readonly NetworkProperties[]> {
  return await listAll(hcn.networks, 'HcnEnumerateNetworks', networkProperties);
}

async function listEndpoints(hcn: Computenetwork): Promise<readonly EndpointProperties[]> {
  return await listAll(hcn.endpoints, 'HcnEnumerateEndpoints', endpointProperties);
}

type Kind = Pick<Computenetwork['networks'], 'enumerate' | 'open' | 'query' | 'close'>;

async function listAll<T>(
  kind: Kind,
  api: string,
  read: (document: string) => T,
): Promise<readonly T[]> {
  const [guids] = await kind.enumerate(queryAll);
  const found: T[] = [];
  for (const guid of listedGuids(api, guids)) {
    const item = await propertiesOf(kind, guid);
    if (item !== undefined) found.push(read(item));
  }
  return found;
}

/** Undefined for what was deleted since it was listed. */
async function propertiesOf(kind: Kind, guid: string): Promise<string | undefined> {
  try {
    const [handle] = await kind.open(guid);
    try {
      return (await kind.query(handle, queryAll))[0];
    } finally {
      await kind.close(handle);
    }
  } catch (error) {
    if (isStatus(error, 0x803b_0001, ...notFound)) return undefined;
    throw error;
  }
}
