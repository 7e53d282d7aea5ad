import type { BaseTag } from '../../../../shared/ipc/app-views.ts';
import type { Api } from '../../../api/api.ts';

const freshMs = 60_000;

/** Gives the tags of all base images that can be listed; asks for them once a minute at most. */
export function baseTagSource(api: Api): () => Promise<readonly BaseTag[]> {
  let known: { readonly until: number; readonly tags: Promise<readonly BaseTag[]> } | undefined;
  return async () => {
    if (known === undefined || known.until < Date.now()) {
      known = { until: Date.now() + freshMs, tags: readTags(api) };
    }
    return await known.tags;
  };
}

/** Completion does without what cannot be listed. */
async function readTags(api: Api): Promise<readonly BaseTag[]> {
  try {
    const families = await api.request('base.families', {});
    const available = families.filter(family => family.available);
    const lists = await Promise.all(
      available.map(({ family }) => api.request('base.tags', { family }).catch(() => [])),
    );
    return lists.flat();
  } catch {
    return [];
  }
}
