import type { Change } from './change-set.ts';

/** More would bury the rest of the log; the layer view has them all. */
const mostNamed = 20;

/** What a step changes, for the log: the paths as a container sees them, the first ones by name. */
export function describeChanges(changes: readonly Change[]): string[] {
  const made = changes.filter(({ kind }) => kind !== 'kept-folder');
  if (made.length === 0) return ['Changes nothing: all of it is there already.'];
  const named = made.slice(0, mostNamed).map(({ kind, path }) => {
    const written = `C:\\${path.replaceAll('/', '\\')}`;
    return kind === 'folder' ? `${written}\\` : written;
  });
  const more = made.length - named.length;
  return more === 0 ? named : [...named, `and ${more} more`];
}
