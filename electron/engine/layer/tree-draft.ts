import { pathKey } from '../../../shared/windows/windows-path.ts';
import { findNode, impliedEntry, type EntryAt, type TreeNode } from './tree-node.ts';

/** A tree that is being changed. Paths are as spelled, keys their `pathKey`. */
export interface TreeDraft {
  readonly root: TreeNode;
  /** Removes a node, its streams and what is below it. Only before the first `put`. */
  remove(key: string): void;
  /** Puts a node where another may be; makes the directories above it where there are none. */
  put(path: string, node: Omit<TreeNode, 'name' | 'children'>): void;
  /** Puts the stream `file:stream` beside its file. */
  putStream(path: string, at: EntryAt): void;
}

/** A node of ours: nobody else has its map yet. */
interface Draft extends TreeNode {
  readonly children: Map<string, TreeNode>;
}

/** Starts from `before`, of which each directory on the way to a change is copied once, and the rest shared. */
export function createTreeDraft(before: TreeNode, layerIndex: number): TreeDraft {
  const root = copied(before);
  const own = new Map<string, Draft>([['', root]]);

  function directory(path: string, key: string): Draft {
    const known = own.get(key);
    if (known) return known;
    const parent = directory(parentOf(path), parentOf(key));
    const child = parent.children.get(lastOf(key));
    const draft = child?.children ? copied(child) : implied(lastOf(path), layerIndex);
    parent.children.set(lastOf(key), draft);
    own.set(key, draft);
    return draft;
  }
  return {
    root,
    remove(key) {
      if (!findNode(root, key)) return;
      detach(directory(parentOf(key), parentOf(key)), lastOf(key));
    },
    put(path, node) {
      const key = pathKey(path);
      const parent = directory(parentOf(path), parentOf(key));
      const old = detach(parent, lastOf(key));
      const name = lastOf(path);
      if (node.kind !== 'directory') {
        parent.children.set(lastOf(key), { ...node, name });
        return;
      }
      const children = own.get(key)?.children ?? new Map(old?.children);
      const draft = { ...node, name, children };
      own.set(key, draft);
      parent.children.set(lastOf(key), draft);
    },
    putStream(path, at) {
      const key = pathKey(path);
      const parent = directory(parentOf(path), parentOf(key));
      const streamKey = lastOf(key);
      parent.children.set(streamKey, { ...at, kind: 'stream', name: lastOf(path) });
      const fileKey = streamKey.slice(0, streamKey.indexOf(':'));
      const file = parent.children.get(fileKey);
      if (!file) return;
      const streamKeys = [...(file.streamKeys ?? []), streamKey];
      const ownKey = key.slice(0, key.length - streamKey.length) + fileKey;
      const draft = own.get(ownKey);
      parent.children.set(fileKey, { ...file, streamKeys });
      // Both share one map, so that what is added below it later is seen in the tree.
      if (draft) own.set(ownKey, { ...draft, streamKeys });
    },
  };
}

function detach(parent: Draft, key: string): TreeNode | undefined {
  const old = parent.children.get(key);
  for (const streamKey of old?.streamKeys ?? []) parent.children.delete(streamKey);
  parent.children.delete(key);
  return old;
}

function copied(node: TreeNode): Draft {
  return { ...node, children: new Map(node.children) };
}

function implied(name: string, layerIndex: number): Draft {
  return { name, kind: 'directory', layerIndex, entryNumber: impliedEntry, children: new Map() };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
