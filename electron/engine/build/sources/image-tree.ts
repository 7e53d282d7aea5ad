import type { ImageLayer } from '../../../../shared/oci/layer-chain.ts';
import type { BlobReader } from '../../content/blob-store.ts';
import type { LayerTree, TreeEntry } from '../../layer/layer-tree.ts';
import { readContents, type ContentSink } from '../../layer/read-contents.ts';
import type { EntryAt } from '../../layer/tree-node.ts';
import type { Spool, SpooledContent } from '../archive/spool.ts';
import { volumeFolder, volumePath } from '../copy/image-files.ts';
import { compareCodePoints } from '../code-point-order.ts';
import { joinPath, type FileNode, type SourceNode, type SourceTree } from './source-tree.ts';

export interface ImageTreeOptions {
  readonly label: string;
  readonly tree: LayerTree;
  readonly layersBaseFirst: readonly ImageLayer[];
  readonly blobs: BlobReader;
  readonly spool: Spool;
  /** A folder for what cannot be kept in memory. */
  readonly spoolDir: string;
}

/** The files of a Windows image, for COPY --from. Contents are packed, so `prepare` must take them out before they are read. */
export function createImageTree(options: ImageTreeOptions): SourceTree {
  const { tree, label } = options;
  const contents = new Map<string, SpooledContent>();
  return {
    label,
    ignoresCase: true,
    absoluteLinks: 'from-root',
    async stat(path) {
      const found = tree.lookup(joinPath(volumeFolder, path));
      return found && nodeOf(found, contents);
    },
    async list(path) {
      const found = tree.list(joinPath(volumeFolder, path)) ?? [];
      const nodes = found.map(entry => nodeOf(entry, contents));
      return nodes.sort((one, other) => compareCodePoints(one.path, other.path));
    },
    async prepare(files, signal) {
      const needed = files.flatMap(
        file => tree.lookup(joinPath(volumeFolder, file.path))?.content ?? [],
      );
      await takeOut(
        needed.filter(at => !contents.has(keyOf(at))),
        contents,
        options,
        signal,
      );
    },
  };
}

function nodeOf(found: TreeEntry, contents: ReadonlyMap<string, SpooledContent>): SourceNode {
  const { entry, content } = found;
  const common = { path: volumePath(found.path), modified: entry.modified };
  switch (entry.kind) {
    case 'directory':
      return { kind: 'directory', ...common };
    case 'symlink': {
      const leadsToFolder = (entry.attributes & folderAttribute) !== 0;
      return { kind: 'symlink', ...common, target: linkTarget(entry.target), leadsToFolder };
    }
    default:
      return content ? fileNode(common, content, contents) : { kind: 'special', ...common };
  }
}

const folderAttribute = 0x10;

/** NT paths (`\??\C:\folder`) become ordinary ones. */
function linkTarget(target: string): string {
  return target.replace(/^\\(?:\?\?|\\\?)\\(?=[a-z]:)/iu, '').replaceAll('\\', '/');
}

function fileNode(
  common: Pick<FileNode, 'path' | 'modified'>,
  content: EntryAt & { readonly size: number },
  contents: ReadonlyMap<string, SpooledContent>,
): FileNode {
  const taken = () => {
    const found = contents.get(keyOf(content));
    if (!found) throw new Error(`${common.path} is read before it was taken out of its layer`);
    return found;
  };
  return {
    kind: 'file',
    ...common,
    size: content.size,
    fingerprint: async () => taken().sha256,
    read: signal => taken().read(signal),
  };
}

function keyOf({ layerIndex, entryNumber }: EntryAt): string {
  return `${layerIndex}/${entryNumber}`;
}

/** In the order of the layers, so that each is read once, from front to back. */
async function takeOut(
  needed: readonly EntryAt[],
  contents: Map<string, SpooledContent>,
  options: ImageTreeOptions,
  signal?: AbortSignal,
): Promise<void> {
  const { tree, blobs, spool, spoolDir } = options;
  const layersBaseFirst = options.layersBaseFirst.flatMap((ref, at) => {
    const index = tree.layersBaseFirst[at];
    return index ? [{ ref, index }] : [];
  });
  const distinct = [...new Map(needed.map(at => [keyOf(at), at])).values()];
  const wanted = distinct.sort(
    (a, b) => a.layerIndex - b.layerIndex || a.entryNumber - b.entryNumber,
  );
  const keep: ContentSink = async (position, content) => {
    const at = wanted[position];
    if (at) contents.set(keyOf(at), await spool.append(content, signal));
  };
  await readContents({ blobs, layersBaseFirst }, wanted, keep, {
    spoolDir,
    ...(signal ? { signal } : {}),
  });
}
