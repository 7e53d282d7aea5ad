import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { thisHost } from '../catalogue/host.ts';
import type { HoldingProvider } from '../content/holding.ts';
import type { Store } from '../content/store.ts';
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
      return [chainHoldings(engine.chains), only(['scratch', 'cache-mounts'])];
  } catch (error) {
    // Containers cannot run here (any more): what they left is still worth telling of.
    if (!(error instanceof AppError)) throw error;
  }
  return [only(['chains', 'scratch', 'cache-mounts'])];
}
