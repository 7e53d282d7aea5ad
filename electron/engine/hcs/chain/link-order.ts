import type { Digest } from '../../../../shared/oci/digest.ts';
import type { ChainLink } from './chain.ts';

/** The same links, parents before children; links whose parents are gone come first. */
export function parentsFirst(links: readonly ChainLink[]): readonly ChainLink[] {
  const byId = new Map(links.map(link => [link.chainId, link]));
  const ordered = new Set<ChainLink>();
  for (const link of links) {
    for (const ancestor of ancestorsOf(byId, link).toReversed()) ordered.add(ancestor);
  }
  return [...ordered];
}

/** `chainIds` with all that the chains stand on. */
export function withAncestors(
  links: readonly ChainLink[],
  chainIds: ReadonlySet<Digest>,
): ReadonlySet<Digest> {
  const byId = new Map(links.map(link => [link.chainId, link]));
  const kept = links.filter(link => chainIds.has(link.chainId));
  return new Set(kept.flatMap(link => ancestorsOf(byId, link).map(({ chainId }) => chainId)));
}

/** The link itself and what it stands on, nearest first. */
function ancestorsOf(byId: ReadonlyMap<Digest, ChainLink>, link: ChainLink): readonly ChainLink[] {
  const found = new Set<ChainLink>();
  // A chain ID is a hash of that of its parent; a circle has only a file that somebody has edited.
  for (let next: ChainLink | undefined = link; next && !found.has(next);) {
    found.add(next);
    next = next.parentChainId === undefined ? undefined : byId.get(next.parentChainId);
  }
  return [...found];
}
