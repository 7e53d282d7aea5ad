import { shortDigest } from '../../../../shared/oci/digest.ts';
import type { HoldingProvider } from '../../content/holding.ts';
import type { ChainStore } from './chain.ts';

/**
 * Unpacked layers as a part of the store that takes room. What stands on a layer that goes, goes with it; a layer counts
 * as used later than what stands on it, so that a policy takes the upper ones first.
 */
export function chainHoldings(chains: Pick<ChainStore, 'list' | 'prune'>): HoldingProvider {
  return {
    async list() {
      const links = await chains.list();
      return links.map(({ chainId, diffId, bytes, lastUsedAt }) => ({
        kind: 'windows',
        holdingId: chainId,
        title: `layer ${shortDigest(diffId)}, unpacked`,
        bytes,
        derivedFrom: diffId,
        lastUsedAt,
      }));
    },
    async remove(holdings, signal) {
      const gone = new Set<string>(holdings.map(({ holdingId }) => holdingId));
      const links = await chains.list();
      // Parents come first.
      for (const { chainId, parentChainId } of links) {
        if (parentChainId !== undefined && gone.has(parentChainId)) gone.add(chainId);
      }
      const kept = links.filter(({ chainId }) => !gone.has(chainId));
      await chains.prune(new Set(kept.map(({ chainId }) => chainId)), signal);
    },
  };
}
