import type { ChangeKind, FileRow, LayerView } from '../../../shared/ipc/image-views.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import type { LayerTree } from '../layer/layer-tree.ts';
import { emptyRoot, type TreeNode } from '../layer/tree-node.ts';
import { entryChange, entryIn, nodeSize, type NodeIn } from './entry-change.ts';

/** One name in a view of a layer, with what is below it summed up. */
export interface ViewNode {
  readonly name: string;
  readonly kind: FileRow['kind'];
  readonly change: ChangeKind;
  readonly layerIndex: number;
  /** Bytes; of a directory, of all below it. Hard links count nothing there: their file does. */
  readonly size: number;
  /** Files and links below a directory. */
  readonly files: number;
  /** Bits of `changeBit` of this node and all below it. */
  readonly changes: number;
  /** By `pathKey` of the name; directories only. */
  readonly children?: ReadonlyMap<string, ViewNode>;
  readonly node: TreeNode;
}

const changeOrder = ['added', 'modified', 'deleted', 'metadata', 'unchanged'] as const;

/** Position of a change in the order in which people want to see them. */
export function changeRank(change: ChangeKind): number {
  return changeOrder.indexOf(change);
}

/** One bit for each kind of change. */
export function changeBit(change: ChangeKind): number {
  return 1 << changeRank(change);
}

/**
 * The view of the top layer of `above`, compared with `below`, the chain under it. `layer` shows what the layer
 * holds and deletes, with the directories on the way; `cumulative` shows everything, and what was deleted.
 */
export function viewOf(below: LayerTree | undefined, above: LayerTree, view: LayerView): ViewNode {
  const builder: ViewBuilder = {
    view,
    topLayer: above.layersBaseFirst.length - 1,
    layersBaseFirst: above.layersBaseFirst,
  };
  const root = viewNode(builder, below?.root ?? emptyRoot, above.root);
  return root ?? { ...emptyView, layerIndex: builder.topLayer };
}

const emptyView: Omit<ViewNode, 'layerIndex'> = {
  name: '',
  kind: 'directory',
  change: 'unchanged',
  size: 0,
  files: 0,
  changes: 0,
  children: new Map(),
  node: emptyRoot,
};

interface ViewBuilder {
  readonly view: LayerView;
  readonly topLayer: number;
  /** Of the upper tree; the lower one is a part of it, so its numbers mean the same. */
  readonly layersBaseFirst: readonly LayerIndex[];
}

function viewNode(
  builder: ViewBuilder,
  before: TreeNode | undefined,
  after: TreeNode | undefined,
): ViewNode | undefined {
  const node = after ?? before;
  if (!node || (builder.view === 'layer' && before === after)) return undefined;
  const change = entryChange(inChain(builder, before), inChain(builder, after));
  if (node.kind !== 'directory') return leaf(builder, node, change);
  const children = childViews(builder, before, after);
  const isOwn = after?.layerIndex === builder.topLayer && after.entryNumber >= 0;
  const isShown =
    builder.view === 'cumulative' || isOwn || children.size > 0 || change === 'deleted';
  return isShown ? directory(node, change, children) : undefined;
}

function childViews(
  builder: ViewBuilder,
  before: TreeNode | undefined,
  after: TreeNode | undefined,
): Map<string, ViewNode> {
  const children = new Map<string, ViewNode>();
  const add = (key: string, child: ViewNode | undefined) => child && children.set(key, child);
  for (const [key, child] of after?.children ?? []) {
    add(key, viewNode(builder, before?.children?.get(key), child));
  }
  for (const [key, child] of before?.children ?? []) {
    if (!after?.children?.has(key)) add(key, viewNode(builder, child, undefined));
  }
  return children;
}

function inChain({ layersBaseFirst }: ViewBuilder, node: TreeNode | undefined): NodeIn | undefined {
  return node && { node, layersBaseFirst };
}

function leaf(builder: ViewBuilder, node: TreeNode, change: ChangeKind): ViewNode {
  const located = { node, layersBaseFirst: builder.layersBaseFirst };
  return {
    name: node.name,
    kind: kindOf(located),
    change,
    layerIndex: change === 'deleted' ? builder.topLayer : node.layerIndex,
    size: nodeSize(located),
    files: 0,
    changes: changeBit(change),
    node,
  };
}

function kindOf(located: NodeIn): FileRow['kind'] {
  if (located.node.kind !== 'symlink') return located.node.kind;
  const entry = entryIn(located);
  return entry?.kind === 'symlink' && entry.mountPoint ? 'junction' : 'symlink';
}

function directory(
  node: TreeNode,
  change: ChangeKind,
  children: ReadonlyMap<string, ViewNode>,
): ViewNode {
  let size = 0;
  let files = 0;
  let changes = changeBit(change);
  for (const child of children.values()) {
    changes |= child.changes;
    // What is gone has a size of its own, but takes no room in a directory that is still there.
    if (child.change === 'deleted' && change !== 'deleted') continue;
    if (child.kind !== 'hard-link') size += child.size;
    files += child.kind === 'directory' ? child.files : Number(child.kind !== 'stream');
  }
  const { name, layerIndex } = node;
  return { name, kind: 'directory', change, layerIndex, size, files, changes, children, node };
}
