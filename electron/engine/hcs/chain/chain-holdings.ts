import { shortDigest, type Digest } from '../../../../shared/oci/digest.ts';
import type { HoldingProvider } from '../../content/holding.ts';
import type { ChainStore } from './chain.ts';
import { withAncestors } from './link-order.ts';

/**
 * Unpacked layers as a part of the store that takes room. What stands on a layer that goes, goes with it; a layer counts
 * as used later than what stands on it, so that a policy takes the upper ones first. The chains that `keptChainIds`
 * gives stay, such as those below steps that were kept.
 */
export function chainHoldings(
  chains: Pick<ChainStore, 'list' | 'prune'>,
  keptChainIds: () => Promise<readonly Digest[]>,
): HoldingProvider {
  return {
    async list() {
      const links = await chains.list();
      const kept = withAncestors(links, new Set(await keptChainIds()));
      return links.map(({ chainId, diffId, bytes, lastUsedAt }) => ({
        kind: 'windows',
        holdingId: chainId,
        title: `layer ${shortDigest(diffId)}, unpacked`,
        bytes,
        derivedFrom: diffId,
        lastUsedAt,
        ...(kept.has(chainId) && { kept: 'in-use' as const }),
      }));
    },
    async remove(holdings, signal) {
      const gone = new Set<string>(holdings.map(({ holdingId }) => holdingId));
      const links = await chains.list();
      // Parents come first.
      for (const { chainId, parentChainId } of links) {
        if (parentChainId !== undefined && gone.has(parentChainId)) gone.add(chainId);
      }
      const stay = links.map(({ chainId }) => chainId).filter(chainId => !gone.has(chainId));
      await chains.prune(new Set([...stay, ...(await keptChainIds())]), signal);
    },
  };
}
