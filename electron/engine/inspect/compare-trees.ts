import type { ChangeKind, ComparePage, CompareRow } from '../../../shared/ipc/image-views.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import type { LayerTree } from '../layer/layer-tree.ts';
import { mergedChildren, mergedName, mergedRoot, type MergedNode } from '../layer/merged-tree.ts';
import { entryChange, nodeSize } from './entry-change.ts';
import { zipped, type Pair } from './layer-view.ts';
import { joined } from './rows.ts';

/** Where two trees differ, sorted by path, each directory before its content. */
export type Difference = readonly CompareRow[];

interface Sides {
  readonly left: readonly LayerIndex[];
  readonly right: readonly LayerIndex[];
}

/** Compares two cumulative views, of one image or of two. What both have alike is left out. */
export function compareTrees(left: LayerTree, right: LayerTree): Difference {
  const rows: CompareRow[] = [];
  const sides = { left: left.layersBaseFirst, right: right.layersBaseFirst };
  const visit = (path: string, pair: Pair) => {
    if (isShared(sides, pair)) return;
    const row = path === '' ? undefined : rowOf(path, pair, sides);
    if (row) rows.push(row);
    for (const child of zipped(
      childrenOf(sides.left, pair.before),
      childrenOf(sides.right, pair.after),
    )) {
      const name = child.after
        ? mergedName(sides.right, child.after)
        : child.before && mergedName(sides.left, child.before);
      visit(joined(path, name ?? ''), child);
    }
  };
  visit('', { before: mergedRoot(sides.left.length), after: mergedRoot(sides.right.length) });
  return rows;
}

/** One page of a difference; `text` is a part of the path, in any case. */
export function comparePage(
  difference: Difference,
  query: { readonly offset: number; readonly limit: number; readonly text?: string | undefined },
): ComparePage {
  const text = query.text?.toLowerCase().replaceAll('\\', '/') ?? '';
  const rows =
    text === '' ? difference : difference.filter(row => row.path.toLowerCase().includes(text));
  const count = (change: ChangeKind) => rows.filter(row => row.change === change).length;
  return {
    rows: rows.slice(query.offset, query.offset + query.limit),
    total: rows.length,
    totals: {
      added: count('added'),
      modified: count('modified'),
      deleted: count('deleted'),
      metadata: count('metadata'),
    },
  };
}

function childrenOf(layers: readonly LayerIndex[], node: MergedNode | undefined): MergedNode[] {
  return node?.kind === 'directory' ? mergedChildren(layers, node) : [];
}

// The same nodes of the same layers merge into the same tree.
function isShared({ left, right }: Sides, { before, after }: Pair): boolean {
  if (!before || !after) return false;
  const [old, now] = [partsOf(before), partsOf(after)];
  return (
    old.length === now.length &&
    old.every((part, at) => {
      const other = now[at];
      return part.node === other?.node && left[part.layerIndex] === right[other.layerIndex];
    })
  );
}

function partsOf(node: MergedNode) {
  return node.parts.length > 0 ? node.parts : [node];
}

function rowOf(path: string, pair: Pair, { left, right }: Sides): CompareRow | undefined {
  const before = pair.before && { node: pair.before, layersBaseFirst: left };
  const after = pair.after && { node: pair.after, layersBaseFirst: right };
  const change = entryChange(before, after);
  if (change === 'unchanged') return undefined;
  return {
    path,
    change,
    ...(before && before.node.kind !== 'directory' && { leftSize: nodeSize(before) }),
    ...(after && after.node.kind !== 'directory' && { rightSize: nodeSize(after) }),
  };
}
