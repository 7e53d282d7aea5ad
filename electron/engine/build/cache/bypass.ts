import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import type { CacheBypass } from '../../../../shared/ipc/step-cache.ts';
import type { CachedStep } from './step-cache.ts';

/** Which steps a request wants to run although they may be in the cache. */
export function bypassOf({
  noCache,
  noCacheFilter,
  noCacheFrom,
}: Pick<BuildRequest, 'noCache' | 'noCacheFilter' | 'noCacheFrom'>): (
  step: CachedStep,
) => CacheBypass | undefined {
  const filtered = new Set(noCacheFilter.map(name => name.toLowerCase()));
  const [fromStage, fromPosition] = (noCacheFrom ?? '').split('.').map(Number);
  return ({ stage, position }) => {
    if (noCache) return { kind: 'no-cache' };
    const named = [stage.name?.toLowerCase(), `${stage.index}`].find(
      name => name !== undefined && filtered.has(name),
    );
    if (named !== undefined) return { kind: 'no-cache-filter', stage: stage.name ?? named };
    const isFrom =
      noCacheFrom !== undefined && stage.index === fromStage && position >= (fromPosition ?? 0);
    return isFrom ? { kind: 'from-step', stepId: noCacheFrom } : undefined;
  };
}
