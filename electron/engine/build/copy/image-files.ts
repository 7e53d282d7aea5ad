import type { LayerEntry } from '../../layer/entry.ts';

/** The files of an image as they are before a step. Paths are below the volume root, with `/`; case does not count. */
export interface ImageFiles {
  /** The entry at `path`, with the image's own spelling; undefined where nothing is. Links are not followed. */
  find(path: string, signal?: AbortSignal): Promise<LayerEntry | undefined>;
}

/** The folder of a layer that holds the volume root. */
export const volumeFolder = 'Files';

/** The path of an entry below the volume root: `Files/Windows` is `Windows`, `Files` is ''. */
export function volumePath(entryPath: string): string {
  return entryPath.slice(volumeFolder.length + 1);
}

/** No files at all: the base `scratch`. */
export const noFiles: ImageFiles = { find: async () => undefined };
