import type { LayerTree } from '../../layer/layer-tree.ts';
import { contentOf, type TreeNode } from '../../layer/tree-node.ts';

/** Content of one entry that no name of the image shows any more. */
export interface WastedContent {
  readonly path: string;
  readonly bytes: number;
  readonly layerIndex: number;
  /** The layer that put something else at its path, or removed it. */
  readonly byLayer: number;
  readonly kind: 'overwritten' | 'deleted';
}

/** What the layers of an image hold, seen from its top. */
export interface LayerBytes {
  /** Bytes of content of each layer, base first. */
  readonly contentSizes: readonly number[];
  readonly wasted: readonly WastedContent[];
  /** From 0 to 1, see `efficiencyFormula`. */
  readonly efficiency: number;
}

/** The definition of dive, with deleted files counted as what they are there for: nothing. */
export const efficiencyFormula =
  'Over all paths: the smallest size that a layer has at the path (0 if a later layer deletes it), divided by the sum of the sizes in all layers.';

/** Finds what is stored in vain. `treesBaseFirst` are the cumulative views, one for each layer. */
export function measureLayers(treesBaseFirst: readonly LayerTree[]): LayerBytes {
  const top = treesBaseFirst.at(-1);
  if (!top) return { contentSizes: [], wasted: [], efficiency: 1 };
  const losses = findLosses(treesBaseFirst);
  const live = liveContents(top);
  const wasted: WastedContent[] = [];
  for (const [content, { path, bytes, layerIndex, byLayer, kind }] of losses) {
    // A hard link may still show what its first name does not.
    if (!live.has(content) && bytes > 0) wasted.push({ path, bytes, layerIndex, byLayer, kind });
  }
  return {
    contentSizes: treesBaseFirst.map((tree, layerIndex) => contentSize(tree, layerIndex)),
    wasted: wasted.sort((one, other) => other.bytes - one.bytes),
    efficiency: efficiencyOf(treesBaseFirst),
  };
}

function contentSize({ layersBaseFirst }: LayerTree, layerIndex: number): number {
  const index = layersBaseFirst[layerIndex];
  let bytes = 0;
  for (let number = 0; index && number < index.count; number++) bytes += index.sizeAt(number);
  return bytes;
}

function findLosses(treesBaseFirst: readonly LayerTree[]): Map<string, WastedContent> {
  const losses = new Map<string, WastedContent>();
  for (const [byLayer, tree] of treesBaseFirst.entries()) {
    const below = treesBaseFirst[byLayer - 1];
    if (!below) continue;
    forEachLost(below.root, tree.root, '', (path, node, after) => {
      const content = node.kind === 'hard-link' ? undefined : contentOf(node);
      const { layerIndex, entryNumber } = node;
      const name = `${layerIndex}:${entryNumber}`;
      if (!content || losses.has(name)) return;
      const bytes = tree.layersBaseFirst[layerIndex]?.sizeAt(entryNumber) ?? 0;
      const kind = after ? 'overwritten' : 'deleted';
      losses.set(name, { path, bytes, layerIndex, byLayer, kind });
    });
  }
  return losses;
}

/** Visits what stands below `before` and not as it is below `after`. */
function forEachLost(
  before: TreeNode,
  after: TreeNode | undefined,
  path: string,
  visit: (path: string, node: TreeNode, after: TreeNode | undefined) => void,
): void {
  if (before === after) return;
  const isSame =
    before.layerIndex === after?.layerIndex && before.entryNumber === after.entryNumber;
  if (!before.children && !isSame) visit(path, before, after);
  for (const [key, child] of before.children ?? []) {
    const below = path === '' ? child.name : `${path}/${child.name}`;
    forEachLost(child, after?.children?.get(key), below, visit);
  }
}

function liveContents({ root }: LayerTree): ReadonlySet<string> {
  const live = new Set<string>();
  const gather = (node: TreeNode) => {
    const content = contentOf(node);
    if (content) live.add(`${content.layerIndex}:${content.entryNumber}`);
    for (const child of node.children?.values() ?? []) gather(child);
  };
  gather(root);
  return live;
}

function efficiencyOf(treesBaseFirst: readonly LayerTree[]): number {
  const smallest = new Map<string, number>();
  let all = 0;
  const note = (key: string, size: number) =>
    smallest.set(key, Math.min(smallest.get(key) ?? Infinity, size));
  for (const [layerIndex, tree] of treesBaseFirst.entries()) {
    const { root, layersBaseFirst } = tree;
    forEachOwn(root, layerIndex, '', (key, node) => {
      const size = layersBaseFirst[layerIndex]?.sizeAt(node.entryNumber) ?? 0;
      all += size;
      note(key, size);
    });
    const below = treesBaseFirst[layerIndex - 1];
    if (!below) continue;
    forEachLost(below.root, root, '', (path, node, after) => {
      if (!after && contentOf(node)) note(path.toUpperCase(), 0);
    });
  }
  if (all === 0) return 1;
  return smallest.values().reduce((sum, size) => sum + size, 0) / all;
}

/** Visits the files and streams that a layer itself brings; the views share all else. */
function forEachOwn(
  node: TreeNode,
  layerIndex: number,
  path: string,
  visit: (key: string, node: TreeNode) => void,
): void {
  const isContent = node.kind === 'file' || node.kind === 'stream';
  if (isContent && node.layerIndex === layerIndex) visit(path.toUpperCase(), node);
  for (const child of node.children?.values() ?? []) {
    forEachOwn(child, layerIndex, path === '' ? child.name : `${path}/${child.name}`, visit);
  }
}
