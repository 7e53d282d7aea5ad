import type { Digest } from '../../../../shared/oci/digest.ts';
import type { WindowsHost } from '../host.ts';
import { refused } from './check-layer.ts';
import { setDirectoryTimes, type PendingDirectory } from './entry-sink.ts';
import { realPaths, type RealPaths } from './real-path.ts';
import { directoryAttribute, nativePath, reparseAttribute } from './staged-names.ts';

/** A layer over others that is being made. */
export interface DiffTarget {
  readonly diffId: Digest;
  /** Exists already. */
  readonly layerDir: string;
  readonly stagedDir: string;
  readonly parentsNearestFirst: readonly string[];
}

/** What the staged form does not say, and is done to the layer after its import. Paths are inside the layer. */
export interface AfterImport {
  readonly tombstones: readonly string[];
  readonly links: readonly PendingLink[];
  readonly directories: readonly PendingDirectory[];
}

/** A further name of a file that is in `targetDir`, which is this layer or one below it. */
export interface PendingLink {
  readonly path: string;
  readonly target: string;
  readonly targetDir: string;
}

/** Of a path to which nothing may be written. */
export const notReachable = 'a folder above it is missing, or a link';

/**
 * Imports the staged form, then deletes what the layer deletes and makes its hard links, in the order of hcsshim's
 * legacyLayerWriterWrapper.Close; both change the times of directories, which therefore come last.
 */
export async function importStaged(
  { layerDir, stagedDir, parentsNearestFirst, diffId }: DiffTarget,
  { tombstones, links, directories }: AfterImport,
  { layers, files }: Pick<WindowsHost, 'files' | 'layers'>,
): Promise<void> {
  await layers.importLayer(layerDir, stagedDir, parentsNearestFirst);
  const own = realPaths(layerDir, files);
  for (const path of tombstones) await own.removeTree(path);
  const places = new Map<string, RealPaths>([[layerDir, own]]);
  for (const { path, target, targetDir } of links) {
    const place = places.get(targetDir) ?? realPaths(targetDir, files);
    places.set(targetDir, place);
    if (!isPlainFile(await place.attributesAt(target))) {
      throw refused({ diffId }, path, `the file ${target} that it names is not there`);
    }
    if (!(await own.isReachable(path))) throw refused({ diffId }, path, notReachable);
    await own.removeTree(path);
    await files.hardLink(nativePath(layerDir, path), nativePath(targetDir, target));
  }
  for (const { path } of directories) {
    if (!(await own.isReachable(path))) throw refused({ diffId }, path, notReachable);
  }
  await setDirectoryTimes(layerDir, directories, files);
}

/** Tells whether attributes are those of a file that a hard link may name. */
export function isPlainFile(attributes: number | undefined): boolean {
  return attributes !== undefined && (attributes & (directoryAttribute | reparseAttribute)) === 0;
}
