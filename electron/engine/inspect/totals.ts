import type { LayerTotals } from '../../../shared/ipc/image-views.ts';
import type { ViewNode } from './view-node.ts';

/**
 * Counts what a layer holds and changes, from its `layer` view. Changes are counted in files and links; bytes
 * are those of contents, each once however many hard links name it.
 */
export function layerTotals(root: ViewNode, layerIndex: number): LayerTotals {
  const totals = {
    added: 0,
    modified: 0,
    deleted: 0,
    metadata: 0,
    unchanged: 0,
    files: 0,
    directories: 0,
  };
  const count = (node: ViewNode) => {
    const isHeld = node.change !== 'deleted' && node.layerIndex === layerIndex;
    if (node.kind === 'directory')
      totals.directories += Number(isHeld && node.node.entryNumber >= 0);
    else if (node.kind !== 'stream') {
      totals[node.change] += 1;
      totals.files += Number(isHeld);
    }
    for (const child of node.children?.values() ?? []) count(child);
  };
  count(root);
  const { unchanged: _, ...counted } = totals;
  return { ...counted, bytes: root.size };
}
