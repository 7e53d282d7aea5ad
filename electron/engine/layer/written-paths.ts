import { AppError } from '../../../shared/failure.ts';
import type { LayerEntry } from './entry.ts';
import { tarPath, whiteoutPrefix } from './entry-header.ts';
import { pathKey } from '../../../shared/windows/windows-path.ts';

/** Remembers what a layer holds so far. */
export interface WrittenPaths {
  /** Fails unless `entry` may follow what was added before, by the rules hcsshim's importer relies on. */
  add(entry: LayerEntry): void;
}

/** Guards a layer that is being written: no path twice, parents first, links after their targets. */
export function createWrittenPaths(): WrittenPaths {
  const kinds = new Map<string, LayerEntry['kind']>();
  return {
    add(entry) {
      const problem = nameProblem(entry) ?? orderProblem(entry, kinds);
      if (problem !== undefined) {
        throw new AppError({ code: 'layer-entry-refused', path: tarPath(entry), problem });
      }
      kinds.set(pathKey(tarPath(entry)), entry.kind);
    },
  };
}

type Kinds = ReadonlyMap<string, LayerEntry['kind']>;

function nameProblem(entry: LayerEntry): string | undefined {
  if (!tarPath(entry).isWellFormed()) return 'its name is not valid Unicode';
  // A colon would turn it into a stream of another file, a backslash into another folder.
  if (/[\0:\\]/.test(entry.path)) return 'its name contains a NUL character, ":" or "\\"';
  const segments = entry.path.split('/');
  if (segments.some(segment => segment === '' || segment === '.' || segment === '..')) {
    return 'its path has an empty segment, "." or ".."';
  }
  if (segments.some(segment => segment.startsWith(whiteoutPrefix))) {
    return `a name that starts with ${whiteoutPrefix} would delete another file`;
  }
  return undefined;
}

function orderProblem(entry: LayerEntry, kinds: Kinds): string | undefined {
  if (kinds.has(pathKey(tarPath(entry)))) return 'the layer already has an entry of this name';
  switch (entry.kind) {
    // Windows lists what is gone before the folders it was in (hcsshim's layer reader).
    case 'whiteout':
      return undefined;
    case 'stream':
      return isOneOf(kinds.get(pathKey(entry.path)), ['file', 'directory'])
        ? undefined
        : 'the file of this stream must come before it';
    case 'hard-link':
      return kinds.get(pathKey(entry.target)) === 'file'
        ? parentProblem(entry, kinds)
        : `its hard link target ${entry.target} must be a file that comes before it`;
    case 'file':
    case 'directory':
    case 'symlink':
      return parentProblem(entry, kinds);
  }
}

function parentProblem(entry: LayerEntry, kinds: Kinds): string | undefined {
  const slash = entry.path.lastIndexOf('/');
  if (slash < 0) return undefined;
  return kinds.get(pathKey(entry.path.slice(0, slash))) === 'directory'
    ? undefined
    : 'its parent directory must come before it';
}

function isOneOf<T>(value: T | undefined, choices: readonly T[]): boolean {
  return value !== undefined && choices.includes(value);
}
