import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { chainIds } from '../../../shared/oci/layer-chain.ts';
import { createScratchRegister } from '../build/backends/hcs/scratch/scratch-register.ts';
import { thisHost } from '../catalogue/host.ts';
import type { HoldingProvider } from '../content/holding.ts';
import type { Store } from '../content/store.ts';
import { digestOf } from '../content/verified.ts';
import { chainHoldings } from '../hcs/chain/chain-holdings.ts';
import { foreignHoldings } from './file-holdings.ts';

/**
 * What the hcs backend keeps in `<store>/windows`. Unpacked layers can go where Windows removes them; anywhere else, and
 * all that belongs to containers, is only told of.
 */
export async function windowsHoldings(store: Store): Promise<readonly HoldingProvider[]> {
  const folder = join(store.dir, 'windows');
  if (!existsSync(folder)) return [];
  const only = (names: readonly string[]) =>
    foreignHoldings(
      'windows',
      names.map(name => join(folder, name)),
    );
  try {
    // What binds the DLLs is large, and most stores have no such folder.
    const { hcsOfThisMachine } = await import('../build/backends/hcs/this-machine.ts');
    const engine = (await hcsOfThisMachine(store, thisHost()))?.open();
    if (engine !== undefined)
      return [
        chainHoldings(engine.chains, async () => await chainsOfKeptSteps(store)),
        only(['scratch', 'cache-mounts']),
      ];
  } catch (error) {
    // Containers cannot run here (any more): what they left is still worth telling of.
    if (!(error instanceof AppError)) throw error;
  }
  return [only(['chains', 'scratch', 'cache-mounts'])];
}

/** A step that was kept can be opened only over the very layers that it ran on. */
async function chainsOfKeptSteps(store: Store): Promise<readonly Digest[]> {
  const steps = await createScratchRegister(store.dir).kept();
  return steps.flatMap(({ layersBaseFirst }) => {
    const diffIds = layersBaseFirst.map(({ diffId }) => diffId);
    return chainIds(diffIds, digestOf).slice(-1);
  });
}
