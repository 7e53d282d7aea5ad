import { z } from 'zod';
import { readAnswer } from '../host-answer.ts';

const route = z.object({ NextHop: z.string().default('') });
/** HNS answers null for empty lists. */
const listOf = <T extends z.ZodType>(item: T) => z.array(item).nullish();

const network = z.object({
  ID: z.string(),
  Name: z.string().default(''),
  Type: z.string().default(''),
  Ipams: listOf(
    z.object({
      Subnets: listOf(z.object({ IpAddressPrefix: z.string().default(''), Routes: listOf(route) })),
    }),
  ),
  Dns: z.object({ ServerList: listOf(z.string()) }).nullish(),
});

const endpoint = z.object({
  ID: z.string(),
  Name: z.string().default(''),
  IpConfigurations: listOf(z.object({ IpAddress: z.string().default('') })),
  Routes: listOf(route),
  Dns: z.object({ ServerList: listOf(z.string()) }).nullish(),
});

export interface NetworkProperties {
  readonly networkId: string;
  readonly name: string;
  readonly type: string;
  readonly subnets: readonly string[];
}

export interface EndpointProperties {
  readonly endpointId: string;
  readonly name: string;
  readonly ipAddress: string;
  readonly gateway: string;
  readonly dnsServers: readonly string[];
}

/** HostComputeNetwork. Fails with `host-answer-invalid`. */
export function networkProperties(document: string): NetworkProperties {
  const found = readAnswer('HcnQueryNetworkProperties', network, document);
  const subnets = (found.Ipams ?? []).flatMap(ipam => ipam.Subnets ?? []);
  return {
    networkId: found.ID,
    name: found.Name,
    type: found.Type,
    subnets: subnets.map(subnet => subnet.IpAddressPrefix).filter(prefix => prefix !== ''),
  };
}

/** HostComputeEndpoint. Fails with `host-answer-invalid`. */
export function endpointProperties(document: string): EndpointProperties {
  const found = readAnswer('HcnQueryEndpointProperties', endpoint, document);
  return {
    endpointId: found.ID,
    name: found.Name,
    ipAddress: found.IpConfigurations?.[0]?.IpAddress ?? '',
    gateway: found.Routes?.find(({ NextHop }) => NextHop !== '')?.NextHop ?? '',
    dnsServers: found.Dns?.ServerList ?? [],
  };
}

/** What an enumeration gives: GUIDs. Fails with `host-answer-invalid`. */
export function listedGuids(api: string, document: string): readonly string[] {
  return readAnswer(api, z.array(z.string()), document);
}
