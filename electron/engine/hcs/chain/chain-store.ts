import { throwIfCancelled } from '../../content/cancel.ts';
import { chainFolders, type ChainFolders } from './chain-folders.ts';
import type { ChainLink, ChainStore } from './chain.ts';
import { createLinkMakers, type ChainStoreOptions } from './link-makers.ts';
import { parentsFirst, withAncestors } from './link-order.ts';
import { destroyLink, sweepLink } from './make-link.ts';
import { removeStaged } from './unpack-layer.ts';

/** Opens the chains in `<store>/windows/chains`. Several processes may have them open. */
export function createChainStore(options: ChainStoreOptions): ChainStore {
  const { layers } = options.host;
  const folders = chainFolders(options.store.dir);
  const makers = createLinkMakers(folders, options);
  return {
    materialize: (layersBaseFirst, work = {}) => makers.unpack(layersBaseFirst, work),
    async adopt(step, work = {}) {
      try {
        return await makers.adopt(step, work);
      } finally {
        await removeStaged(step.stagedDir);
      }
    },
    list: () => listLinks(folders),
    async prune(keepChainIds, signal) {
      const links = await listLinks(folders);
      const needed = withAncestors(links, keepChainIds);
      const unneeded = links.filter(({ chainId }) => !needed.has(chainId)).toReversed();
      for (const link of unneeded) {
        throwIfCancelled(signal);
        await destroyLink(folders, layers, link);
      }
      await folders.dropLocks();
      return unneeded;
    },
    async sweep(signal) {
      const swept: string[] = [];
      for (const chainId of await folders.present()) {
        throwIfCancelled(signal);
        if (await sweepLink(folders, layers, chainId)) swept.push(folders.dirOf(chainId));
      }
      return swept;
    },
  };
}

async function listLinks(folders: ChainFolders): Promise<readonly ChainLink[]> {
  const links: ChainLink[] = [];
  for (const chainId of await folders.present()) {
    const link = await folders.read(chainId);
    if (link) links.push(link);
  }
  return parentsFirst(links);
}
