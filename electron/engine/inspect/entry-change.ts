import type { ChangeKind } from '../../../shared/ipc/image-views.ts';
import type { LayerEntry } from '../layer/entry.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import { contentAtOf, entryAtOf, type MergedNode } from '../layer/merged-tree.ts';

/** A node and the chain whose numbers it speaks of. */
export interface NodeIn {
  readonly node: MergedNode;
  readonly layersBaseFirst: readonly LayerIndex[];
}

/** How a name differs between two views. Only what is at the name itself: not what is below a directory. */
export function entryChange(before: NodeIn | undefined, after: NodeIn | undefined): ChangeKind {
  if (!before) return 'added';
  if (!after) return 'deleted';
  if (isSameNode(before, after)) return 'unchanged';
  if (!hasEqualContent(before, after)) return 'modified';
  return hasEqualMetadata(before, after) ? 'unchanged' : 'metadata';
}

function isSameNode(before: NodeIn, after: NodeIn): boolean {
  return before.node.node === after.node.node && layerOf(before) === layerOf(after);
}

function layerOf({ node, layersBaseFirst }: NodeIn): LayerIndex | undefined {
  return layersBaseFirst[node.layerIndex];
}

/** A file and a hard link may have the same content; to whoever opens them they are alike. */
function hasEqualContent(before: NodeIn, after: NodeIn): boolean {
  const [old, now] = [before.node.kind, after.node.kind];
  if (old === 'symlink' && now === 'symlink') {
    return linkText(entryIn(before)) === linkText(entryIn(after));
  }
  if (isFileLike(old) && isFileLike(now)) return sameBytes(before, after);
  return old === now && (old === 'directory' || sameBytes(before, after));
}

function isFileLike(kind: MergedNode['kind']): boolean {
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
  const at = contentAtOf(layersBaseFirst, node);
  return at && layersBaseFirst[at.layerIndex]?.contentHashAt(at.entryNumber);
}

/** Bytes that whoever opens a file, hard link or stream can read; 0 for others. */
export function nodeSize({ node, layersBaseFirst }: NodeIn): number {
  const at = contentAtOf(layersBaseFirst, node);
  return (at && layersBaseFirst[at.layerIndex]?.sizeAt(at.entryNumber)) ?? 0;
}

/** The entry of a node; undefined for a directory that is only implied. */
export function entryIn({ node, layersBaseFirst }: NodeIn): LayerEntry | undefined {
  const at = entryAtOf(layersBaseFirst, node);
  return at && layersBaseFirst[at.layerIndex]?.entryAt(at.entryNumber);
}

// The time of access says nothing about a change.
function hasEqualMetadata(before: NodeIn, after: NodeIn): boolean {
  const [a, b] = [before, after].map(({ node, layersBaseFirst }) =>
    entryAtOf(layersBaseFirst, node),
  );
  const [old, now] = [layerOf(before), layerOf(after)];
  if (!a || !b || !old || !now) return true;
  return old.hasSameMetadata(a.entryNumber, now, b.entryNumber);
}
