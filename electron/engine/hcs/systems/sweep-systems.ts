import type { Computecore } from '../../win32/computecore.ts';
import { isStatus } from '../../win32/failures.ts';
import { listedSystems, type ListedSystem } from './answers.ts';
import { terminateSystem } from './computecore-system.ts';
import { owner } from './container-document.ts';
import { runOperation } from './operation.ts';
import { alreadyEnded } from './statuses.ts';

const genericAll = 0x1000_0000;

/** Ends the compute systems that a crash left; gives their ids. Those of other programs are never touched. */
export async function sweepSystems(
  core: Computecore,
  isAlive: (systemId: string) => boolean,
): Promise<readonly string[]> {
  const listed = await listSystems(core, { Owners: [owner] });
  const left = listed.filter(system => system.owner === owner && !isAlive(system.systemId));
  for (const { systemId } of left) await endSystem(core, systemId);
  return left.map(({ systemId }) => systemId);
}

/**
 * Ends the template virtual machines that HCS made of the layer in `layerDir` for Hyper-V containers: they hold its files
 * (moby daemon/graphdriver/windows, Remove). Where they cannot be asked for, destroying the layer says what is wrong.
 */
export async function endTemplates(core: Computecore, layerDir: string): Promise<void> {
  const systems = await listSystems(core, {}).catch(() => []);
  const folder = layerDir.toLowerCase();
  for (const { systemId, templateOf } of systems) {
    if (templateOf.toLowerCase().startsWith(folder)) await endSystem(core, systemId);
  }
}

async function listSystems(
  core: Computecore,
  query: { readonly Owners?: readonly string[] },
): Promise<readonly ListedSystem[]> {
  const api = 'HcsEnumerateComputeSystems';
  const call = async (operation: bigint) =>
    (await core.enumerateComputeSystems(JSON.stringify(query), operation)).status;
  return listedSystems(api, await runOperation(core, { api, subject: '', call }));
}

async function endSystem(core: Computecore, systemId: string): Promise<void> {
  try {
    const [system] = await core.openComputeSystem(systemId, genericAll);
    try {
      await terminateSystem(core, system, systemId);
    } finally {
      await core.closeComputeSystem(system);
    }
  } catch (error) {
    // It ended meanwhile.
    if (!isStatus(error, ...alreadyEnded)) throw error;
  }
}
