import type { ChangeKind } from '../../../shared/ipc/image-views.ts';
import type { LayerEntry } from '../layer/entry.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import { contentOf, impliedEntry, type TreeNode } from '../layer/tree-node.ts';

/** A node and the chain whose numbers it speaks of. */
export interface NodeIn {
  readonly node: TreeNode;
  readonly layersBaseFirst: readonly LayerIndex[];
}

/** How a name differs between two views. Only what is at the name itself: not what is below a directory. */
export function entryChange(before: NodeIn | undefined, after: NodeIn | undefined): ChangeKind {
  if (!before) return 'added';
  if (!after) return 'deleted';
  if (isSameEntry(before, after)) return 'unchanged';
  if (!hasEqualContent(before, after)) return 'modified';
  return hasEqualMetadata(entryIn(before), entryIn(after)) ? 'unchanged' : 'metadata';
}

function isSameEntry(before: NodeIn, after: NodeIn): boolean {
  return (
    before.node.entryNumber === after.node.entryNumber &&
    before.layersBaseFirst[before.node.layerIndex] === after.layersBaseFirst[after.node.layerIndex]
  );
}

/** A file and a hard link may have the same content; to whoever opens them they are alike. */
function hasEqualContent(before: NodeIn, after: NodeIn): boolean {
  const [old, now] = [before.node.kind, after.node.kind];
  if (old === 'symlink' && now === 'symlink') {
    const [a, b] = [entryIn(before), entryIn(after)];
    return linkText(a) === linkText(b);
  }
  if (isFileLike(old) && isFileLike(now)) return sameBytes(before, after);
  return old === now && (old === 'directory' || sameBytes(before, after));
}

function isFileLike(kind: TreeNode['kind']): boolean {
  return kind === 'file' || kind === 'hard-link';
}

function linkText(entry: LayerEntry | undefined): string {
  return entry?.kind === 'symlink' ? `${entry.mountPoint}:${entry.target}` : '';
}

function sameBytes(before: NodeIn, after: NodeIn): boolean {
  if (nodeSize(before) !== nodeSize(after)) return false;
  const [a, b] = [contentHash(before), contentHash(after)];
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

function contentHash({ node, layersBaseFirst }: NodeIn): Uint8Array | undefined {
  const at = contentOf(node);
  return at && layersBaseFirst[at.layerIndex]?.contentHashAt(at.entryNumber);
}

/** Bytes that whoever opens a file, hard link or stream can read; 0 for others. */
export function nodeSize({ node, layersBaseFirst }: NodeIn): number {
  const at = contentOf(node);
  return (at && layersBaseFirst[at.layerIndex]?.sizeAt(at.entryNumber)) ?? 0;
}

/** The entry of a node; undefined for a directory that is only implied. */
export function entryIn({ node, layersBaseFirst }: NodeIn): LayerEntry | undefined {
  if (node.entryNumber === impliedEntry) return undefined;
  return layersBaseFirst[node.layerIndex]?.entryAt(node.entryNumber);
}

// The time of access says nothing about a change.
function hasEqualMetadata(before: LayerEntry | undefined, after: LayerEntry | undefined): boolean {
  if (!before || !after) return true;
  return (
    before.attributes === after.attributes &&
    before.modified === after.modified &&
    before.created === after.created &&
    before.changed === after.changed &&
    equalBytes(before.securityDescriptor, after.securityDescriptor) &&
    equalAttributes(before.extendedAttributes, after.extendedAttributes)
  );
}

function equalAttributes(
  before: LayerEntry['extendedAttributes'],
  after: LayerEntry['extendedAttributes'],
): boolean {
  if ((before?.size ?? 0) !== (after?.size ?? 0)) return false;
  return [...(before ?? [])].every(([name, value]) => equalBytes(value, after?.get(name)));
}

function equalBytes(before: Uint8Array | undefined, after: Uint8Array | undefined): boolean {
  if (before === after) return true;
  return before !== undefined && after !== undefined && Buffer.compare(before, after) === 0;
}
