import { pathKey } from '../../../shared/windows/windows-path.ts';
import { tarPath } from './entry-header.ts';
import type { LayerIndex } from './layer-index.ts';
import { createTreeDraft, type TreeDraft } from './tree-draft.ts';
import { contentOf, findNode, type EntryAt, type TreeNode } from './tree-node.ts';

/**
 * The view after one more layer, by the rules of Windows: names differ not by case, a whiteout removes what
 * lower layers have at its path and below, a directory merges with a directory, and anything else replaces
 * what was there. `root` stays as it is; the result shares with it whatever the layer does not touch.
 */
export function applyLayer(root: TreeNode, index: LayerIndex, layerIndex: number): TreeNode {
  const draft = createTreeDraft(withoutRemoved(root, index, layerIndex), layerIndex);
  for (let number = 0; number < index.count; number++) {
    addEntry(draft, index, { layerIndex, entryNumber: number });
  }
  return draft.root;
}

// Whiteouts concern lower layers only, wherever they stand in the tar (image-spec layer.md).
function withoutRemoved(root: TreeNode, index: LayerIndex, layerIndex: number): TreeNode {
  const draft = createTreeDraft(root, layerIndex);
  for (let number = 0; number < index.count; number++) {
    if (index.kindAt(number) === 'whiteout') draft.remove(pathKey(index.pathAt(number)));
  }
  return draft.root;
}

function addEntry(draft: TreeDraft, index: LayerIndex, at: EntryAt): void {
  const kind = index.kindAt(at.entryNumber);
  switch (kind) {
    case 'whiteout':
      return;
    case 'file':
    case 'directory':
    case 'symlink':
      draft.put(index.pathAt(at.entryNumber), { ...at, kind });
      return;
    case 'stream':
      draft.putStream(tarPath(index.entryAt(at.entryNumber)), at);
      return;
    case 'hard-link': {
      const entry = index.entryAt(at.entryNumber);
      if (entry.kind !== 'hard-link') return;
      const target = findNode(draft.root, pathKey(entry.target));
      const content = target && contentOf(target);
      draft.put(entry.path, { ...at, kind, ...(content && { content }) });
    }
  }
}
