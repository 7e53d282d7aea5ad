import { pathKey } from '../../../shared/windows/windows-path.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import type { LayerIndexes } from '../layer/layer-indexes.ts';
import { createLayerTree, type LayerTree } from '../layer/layer-tree.ts';
import type { LayerEntry } from '../layer/entry.ts';
import { noFiles, volumeFolder, type ImageFiles } from './copy/image-files.ts';
import { joinPath } from './sources/source-tree.ts';

/** The files of an image; its layers are only read when somebody asks. */
export function imageFiles(layersBaseFirst: readonly ImageLayer[], trees: Trees): ImageFiles {
  if (layersBaseFirst.length === 0) return noFiles;
  return {
    async find(path, signal) {
      const tree = await trees.tree(layersBaseFirst, signal);
      const found = tree.lookup(joinPath(volumeFolder, path));
      // The tree's path has each part as it is spelled now, the entry's own as its layer once spelled it.
      return found && { ...found.entry, path: found.path };
    },
  };
}

/** `files` with what one more layer has put there; the layer removes nothing. */
export function withEntries(files: ImageFiles, entries: readonly LayerEntry[]): ImageFiles {
  const added = new Map(entries.map(entry => [pathKey(entry.path), entry]));
  return {
    find: async (path, signal) =>
      added.get(pathKey(joinPath(volumeFolder, path))) ?? files.find(path, signal),
  };
}

/** Cumulative views of chains of layers, each made once. */
export interface Trees {
  tree(layersBaseFirst: readonly ImageLayer[], signal?: AbortSignal): Promise<LayerTree>;
}

export function createTrees(indexes: LayerIndexes): Trees {
  const known = new Map<string, Promise<LayerTree>>();
  async function make(
    layersBaseFirst: readonly ImageLayer[],
    signal?: AbortSignal,
  ): Promise<LayerTree> {
    const made = [];
    for (const layer of layersBaseFirst)
      made.push(await indexes.get(layer, signal ? { signal } : {}));
    return createLayerTree(made);
  }
  return {
    tree(layersBaseFirst, signal) {
      const key = layersBaseFirst.map(({ diffId }) => diffId).join(' ');
      const found = known.get(key) ?? make(layersBaseFirst, signal);
      known.set(key, found);
      return found;
    },
  };
}
