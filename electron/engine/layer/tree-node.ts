import type { LayerEntry } from './entry.ts';

/** An entry of a chain of layers: entry `entryNumber` of layer `layerIndex`, base first from 0. */
export interface EntryAt {
  readonly layerIndex: number;
  readonly entryNumber: number;
}

/** Number of a directory that no entry stands for, only files below it. */
export const impliedEntry = -1;

/**
 * One name in the cumulative view of a chain. Nodes never change once their tree is made, and trees of longer
 * chains share them: the same node in two trees means the same content below it.
 */
export interface TreeNode extends EntryAt {
  /** As the layer spells it; `file:stream` for a stream, which stands beside its file. */
  readonly name: string;
  readonly kind: Exclude<LayerEntry['kind'], 'whiteout'>;
  /** By `pathKey` of the name; directories only. */
  readonly children?: ReadonlyMap<string, TreeNode>;
  /** Keys of the streams of this file or directory, in its parent. */
  readonly streamKeys?: readonly string[];
  /** The file that holds the content of a hard link; absent if it dangles. */
  readonly content?: EntryAt;
}

/** The root above `Files`, `Hives` and `UtilityVM`. */
export const emptyRoot: TreeNode = {
  name: '',
  kind: 'directory',
  layerIndex: 0,
  entryNumber: impliedEntry,
  children: new Map(),
};

/** Where the content of a file, stream or hard link is. */
export function contentOf(node: TreeNode): EntryAt | undefined {
  switch (node.kind) {
    case 'file':
    case 'stream':
      return { layerIndex: node.layerIndex, entryNumber: node.entryNumber };
    case 'hard-link':
      return node.content;
    case 'directory':
    case 'symlink':
      return undefined;
  }
}

/** The node at `key`, a `pathKey`; `''` is the root. */
export function findNode(root: TreeNode, key: string): TreeNode | undefined {
  if (key === '') return root;
  let node: TreeNode | undefined = root;
  for (const segment of key.split('/')) node = node?.children?.get(segment);
  return node;
}
