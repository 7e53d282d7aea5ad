import type { ChangeKind, ComparePage, CompareRow } from '../../../shared/ipc/image-views.ts';
import type { LayerTree } from '../layer/layer-tree.ts';
import type { TreeNode } from '../layer/tree-node.ts';
import { entryChange, nodeSize } from './entry-change.ts';
import { joined } from './rows.ts';

/** Where two trees differ, sorted by path, each directory before its content. */
export type Difference = readonly CompareRow[];

/** Compares two cumulative views, of one image or of two. What both have alike is left out. */
export function compareTrees(left: LayerTree, right: LayerTree): Difference {
  const rows: CompareRow[] = [];
  const visit = (path: string, before: TreeNode | undefined, after: TreeNode | undefined) => {
    // A node that two trees share stands for the same entries of the same layers.
    if (before === after) return;
    const row = rowOf(path, { before, after }, { left, right });
    if (row && path !== '') rows.push(row);
    for (const key of childKeys(before, after)) {
      const [old, now] = [before?.children?.get(key), after?.children?.get(key)];
      visit(joined(path, (now ?? old)?.name ?? ''), old, now);
    }
  };
  visit('', left.root, right.root);
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

function childKeys(before: TreeNode | undefined, after: TreeNode | undefined): string[] {
  const keys = new Set([...(before?.children?.keys() ?? []), ...(after?.children?.keys() ?? [])]);
  return [...keys].sort();
}

function rowOf(
  path: string,
  nodes: { readonly before: TreeNode | undefined; readonly after: TreeNode | undefined },
  trees: { readonly left: LayerTree; readonly right: LayerTree },
): CompareRow | undefined {
  const before = nodes.before && {
    node: nodes.before,
    layersBaseFirst: trees.left.layersBaseFirst,
  };
  const after = nodes.after && { node: nodes.after, layersBaseFirst: trees.right.layersBaseFirst };
  const change = entryChange(before, after);
  if (change === 'unchanged') return undefined;
  return {
    path,
    change,
    ...(before && before.node.kind !== 'directory' && { leftSize: nodeSize(before) }),
    ...(after && after.node.kind !== 'directory' && { rightSize: nodeSize(after) }),
  };
}
