import type { StepReport } from '../../event-stream.ts';
import type { Releases } from './releases.ts';
import type { HcsEngine } from './support.ts';

interface NetworkContext extends Pick<HcsEngine, 'host'> {
  readonly releases: Releases;
  readonly report: Pick<StepReport, 'note'>;
}

/** Attaches the network of a step, and says in the log how it is reached. Gives the namespace; undefined for none. */
export async function attachNetwork(
  systemId: string,
  network: string,
  { host, releases, report }: NetworkContext,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (network === 'none') {
    report.note('No network.');
    return undefined;
  }
  const name = network === 'default' ? undefined : network;
  const attachment = await host.networks.attach(systemId, name, signal);
  releases.add('the network endpoint', async () => await attachment.release());
  const { ipAddress, gateway, dnsServers } = attachment;
  const dns = dnsServers.length === 0 ? 'without DNS' : `DNS ${dnsServers.join(', ')}`;
  report.note(`Network: address ${ipAddress}, gateway ${gateway}, ${dns}.`);
  return attachment.namespace;
}
