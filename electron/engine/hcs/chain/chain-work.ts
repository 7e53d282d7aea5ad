import type { Digest } from '../../../../shared/oci/digest.ts';
import { createSharedWork } from '../../content/shared-work.ts';
import type { ChainProgress, ChainWork } from './chain.ts';

/** How far one link is, whatever chain it was asked for as a part of. */
export type LinkProgress = Omit<ChainProgress, 'layerIndex' | 'layerCount'>;
export type ReportLink = (progress: LinkProgress) => void;

/** A layer of the chain that somebody asked for. */
export interface LinkPlace {
  readonly chainId: Digest;
  readonly layerIndex: number;
  readonly layerCount: number;
}

/** Tells of a link as of a part of the chain that somebody asked for. */
export function reporter(
  { layerIndex, layerCount }: Omit<LinkPlace, 'chainId'>,
  { onProgress }: ChainWork,
): ReportLink {
  return progress => onProgress?.({ ...progress, layerIndex, layerCount });
}

/** Runs the making of a link, or joins it where this process is at it already; everybody hears how far it is. */
export type LinkWork = (
  place: LinkPlace,
  make: (report: ReportLink, signal: AbortSignal) => Promise<void>,
  work: ChainWork,
) => Promise<void>;

/** Makes the place where the links of one store are made. */
export function createLinkWork(): LinkWork {
  const shared = createSharedWork<Digest, void>();
  const listeners = new Map<Digest, Set<ReportLink>>();
  const running = new Map<Digest, Promise<void>>();
  return async (place, make, work) => {
    const { chainId } = place;
    const own = reporter(place, work);
    const all = listeners.get(chainId) ?? new Set();
    listeners.set(chainId, all.add(own));
    const report: ReportLink = progress => all.forEach(listener => listener(progress));
    const run = (stop: AbortSignal) => {
      const made = make(report, stop);
      running.set(chainId, made);
      return made;
    };
    try {
      await shared(chainId, run, work.signal);
    } finally {
      all.delete(own);
      // Who cancels last waits until what was begun is gone again.
      if (all.size === 0) await running.get(chainId)?.catch(() => undefined);
      if (all.size === 0 && listeners.get(chainId) === all) {
        listeners.delete(chainId);
        running.delete(chainId);
      }
    }
  };
}
