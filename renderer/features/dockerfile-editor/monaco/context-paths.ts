import type { ContextPaths } from '../../../../shared/ipc/app-views.ts';
import type { Api } from '../../../api/api.ts';

const freshMs = 3000;
const nothing: ContextPaths['entries'] = [];

/** Lists folders of the build context; each is asked for once in some seconds at most, however fast one types. */
export function contextPathSource(
  api: Api,
): (file: string, directory: string) => Promise<ContextPaths['entries']> {
  const known = new Map<
    string,
    { readonly until: number; readonly answer: Promise<typeof nothing> }
  >();
  return async (file, directory) => {
    const now = Date.now();
    for (const [key, { until }] of known) if (until < now) known.delete(key);
    const key = `${file}\0${directory}`;
    const fresh = known.get(key) ?? { until: now + freshMs, answer: list(api, file, directory) };
    known.set(key, fresh);
    return await fresh.answer;
  };
}

/** A folder that is not there, or cannot be read, has nothing to offer. */
async function list(api: Api, file: string, directory: string): Promise<typeof nothing> {
  try {
    return (await api.request('project.paths', { file, directory })).entries;
  } catch {
    return nothing;
  }
}
