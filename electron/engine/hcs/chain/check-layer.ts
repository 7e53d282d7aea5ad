import { AppError } from '../../../../shared/failure.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';
import { pathKey } from '../../../../shared/windows/windows-path.ts';
import { basicInfoOf } from '../../layer/backup/basic-info.ts';
import { streamsProblem } from '../../layer/backup/entry-streams.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import {
  directoryAttribute,
  directoryFileSuffix,
  filesFolder,
  hivesFolder,
  isBelow,
  utilityVmFilesFolder,
  utilityVmFolder,
} from './staged-names.ts';

/** Tells what must not be unpacked on a Windows host, whatever the tar reader has let through. */
export interface LayerChecker {
  /** Fails with `layer-import-refused` unless `entry` may follow those before. */
  add(entry: LayerEntry): void;
  /** Whether the layer itself holds something at this path; whiteouts do not count. */
  has(path: string): boolean;
}

/** Which layer is checked. */
export interface CheckedLayer {
  readonly diffId: Digest;
  /** A base stands on nothing: it can delete and link nothing of a layer below. */
  readonly isBase: boolean;
}

interface Checking {
  readonly layer: CheckedLayer;
  /** By the key under which NTFS finds a path. */
  readonly kinds: Map<string, LayerEntry['kind']>;
  /** Keys of files that hard links take from a layer below. */
  readonly linkedBelow: Set<string>;
  /** The file or directory that the next alternate stream may belong to. */
  last: string;
}

/** Starts with an empty layer. */
export function createLayerChecker(layer: CheckedLayer): LayerChecker {
  const checking: Checking = { layer, kinds: new Map(), linkedBelow: new Set(), last: '' };
  return {
    add(entry) {
      const problem =
        nameProblem(entry.path) ?? placeProblem(entry, layer) ?? orderProblem(entry, checking);
      if (problem !== undefined) throw refused(layer, entry.path, problem);
      if (entry.kind === 'stream' || entry.kind === 'whiteout') return;
      checking.kinds.set(pathKey(entry.path), entry.kind);
      checking.last = entry.path;
    },
    has: path => checking.kinds.has(pathKey(path)),
  };
}

/** The failure of a layer that cannot be unpacked because of what is at `path`. */
export function refused(layer: Pick<CheckedLayer, 'diffId'>, path: string, problem: string) {
  return new AppError({ code: 'layer-import-refused', diffId: layer.diffId, path, problem });
}

// What NTFS itself takes for no name (FsRtlIsNtfsCharacterLegal), and a separator of ours.
// eslint-disable-next-line no-control-regex -- they are among them
const forbiddenPattern = /[\x00-\x1f"*:<>?\\|]/;
const maxNameLength = 255;
const maxPathLength = 32_767;

/**
 * Names of devices, and names that end with a dot or a space, are none that programs can open easily, but NTFS holds
 * them, steps do make them (`> nul` in Git Bash), and what unpacks them uses paths that mean them.
 */
function nameProblem(path: string): string | undefined {
  if (path.length > maxPathLength) return 'its path is longer than Windows allows';
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..') return `it has the name "${name}"`;
    if (forbiddenPattern.test(name)) return `NTFS cannot hold the name ${JSON.stringify(name)}`;
    if (name.length > maxNameLength) return 'one of its names is longer than NTFS allows';
    // It would be taken for what is known of a directory.
    if (name.toLowerCase().endsWith(directoryFileSuffix)) {
      return `names that end in ${directoryFileSuffix} are reserved`;
    }
  }
  return undefined;
}

function placeProblem(entry: LayerEntry, layer: CheckedLayer): string | undefined {
  const { path, kind } = entry;
  const top = [filesFolder, hivesFolder, utilityVmFolder].find(
    folder => path === folder || isBelow(path, folder),
  );
  if (top === undefined) return 'a layer has only Files, Hives and UtilityVM';
  if (kind === 'whiteout') {
    if (layer.isBase) return 'a base layer cannot delete anything';
    return volumeOf(path) === undefined ? 'only files of a volume can be deleted' : undefined;
  }
  if (path === top) return kind === 'directory' ? undefined : 'it must be a directory';
  return top === utilityVmFolder ? utilityVmProblem(entry, layer) : undefined;
}

function utilityVmProblem({ path, kind }: LayerEntry, layer: CheckedLayer): string | undefined {
  if (path === utilityVmFilesFolder) {
    return kind === 'directory' ? undefined : 'it must be a directory';
  }
  if (isBelow(path, utilityVmFilesFolder)) return undefined;
  const isOtherSpelling = isBelow(`${pathKey(path)}/`, pathKey(utilityVmFilesFolder));
  return layer.isBase && !isOtherSpelling
    ? undefined
    : `UtilityVM has only ${utilityVmFilesFolder}`;
}

/** The folder that is the root of the volume on which `path` lies. */
function volumeOf(path: string): string | undefined {
  return [filesFolder, utilityVmFilesFolder].find(folder => isBelow(path, folder));
}

function orderProblem(entry: LayerEntry, checking: Checking): string | undefined {
  const { kinds } = checking;
  if (entry.kind === 'whiteout') return belowProblem(entry.path, kinds);
  if (entry.kind === 'stream') {
    return entry.path === checking.last && kinds.get(pathKey(entry.path)) !== 'hard-link'
      ? undefined
      : 'an alternate data stream must stand right after its file';
  }
  const before = kinds.get(pathKey(entry.path));
  if (before !== undefined && !(before === 'directory' && entry.kind === 'directory')) {
    return 'the layer has two entries of this name';
  }
  if (checking.linkedBelow.has(pathKey(entry.path))) return 'a hard link before it names it';
  const problem = parentProblem(entry.path, checking);
  if (problem !== undefined) return problem;
  return entry.kind === 'hard-link' ? linkProblem(entry, checking) : formProblem(entry);
}

/** Only a directory of the layer itself can have something below it: a link would lead elsewhere. */
function belowProblem(path: string, kinds: Checking['kinds']): string | undefined {
  const key = pathKey(path);
  for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
    const kind = kinds.get(key.slice(0, slash));
    if (kind !== undefined && kind !== 'directory') {
      return 'it stands below something that is no directory';
    }
  }
  return undefined;
}

function parentProblem(path: string, { kinds, layer }: Checking): string | undefined {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return undefined;
  // The utility VM of the layer below is copied first, so its directories are there.
  const mayBeBelow = !layer.isBase && isBelow(path, utilityVmFilesFolder);
  const parent = path.slice(0, slash);
  if (mayBeBelow && kinds.has(pathKey(utilityVmFolder))) return belowProblem(path, kinds);
  return kinds.get(pathKey(parent)) === 'directory'
    ? undefined
    : 'its parent directory must come before it';
}

function linkProblem(
  { path, target }: Extract<LayerEntry, { readonly kind: 'hard-link' }>,
  { kinds, layer, linkedBelow }: Checking,
): string | undefined {
  const targetProblem = nameProblem(target);
  if (targetProblem !== undefined) return `its target ${target}: ${targetProblem}`;
  const volume = volumeOf(path);
  if (volume === undefined || volumeOf(target) !== volume) {
    return `its target ${target} lies outside of its volume`;
  }
  const kind = kinds.get(pathKey(target));
  if (kind === 'file' || kind === 'hard-link') return undefined;
  if (kind !== undefined) return `its target ${target} is no file`;
  if (layer.isBase) return `its target ${target} must come before it`;
  linkedBelow.add(pathKey(target));
  return belowProblem(target, kinds);
}

function formProblem(
  entry: Extract<LayerEntry, { readonly kind: 'directory' | 'file' | 'symlink' }>,
): string | undefined {
  const isDirectory = (entry.attributes & directoryAttribute) !== 0;
  if (entry.kind === 'file' && isDirectory) return 'its attributes are those of a directory';
  return basicInfoOf(entry) === undefined
    ? 'one of its times lies outside of what Windows can hold'
    : streamsProblem(entry);
}
