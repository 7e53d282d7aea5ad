import { pathKey } from '../../../shared/windows/windows-path.ts';
import { binaryToSddl } from '../../../shared/windows/security-descriptor.ts';
import type { ChangeKind, EntryDetail } from '../../../shared/ipc/image-views.ts';
import type { LayerEntry, Nanoseconds } from '../layer/entry.ts';
import type { LayerTree } from '../layer/layer-tree.ts';
import { findNode } from '../layer/tree-node.ts';
import { attributeNames } from './attribute-names.ts';
import { entryChange, entryIn, nodeSize, type NodeIn } from './entry-change.ts';
import { findView, rowOf } from './rows.ts';
import type { ViewNode } from './view-node.ts';

/**
 * Everything known of one entry of a view; undefined if the view has none at `path`. `treesBaseFirst` are the
 * cumulative views of the chain, one for each layer up to that of the view.
 */
export function entryDetail(
  root: ViewNode,
  treesBaseFirst: readonly LayerTree[],
  path: string,
): EntryDetail | undefined {
  const layersBaseFirst = treesBaseFirst.at(-1)?.layersBaseFirst ?? [];
  const found = findView(root, path);
  if (!found) return undefined;
  const entry = entryIn({ node: found.node.node, layersBaseFirst });
  return {
    row: rowOf(found.node, found.path, layersBaseFirst),
    ...(entry ? metadataOf(entry) : unknownMetadata),
    streams: streamsOf(root, found.path, found.node),
    history: historyOf(treesBaseFirst, pathKey(found.path)),
  };
}

// A directory that only the files below it imply.
const unknownMetadata = { attributes: [], modified: '', extendedAttributes: [] };

function metadataOf(entry: LayerEntry) {
  const { created, changed, accessed, securityDescriptor } = entry;
  const sddl = securityDescriptor && sddlOf(securityDescriptor);
  return {
    attributes: attributeNames(entry.attributes),
    modified: isoTime(entry.modified),
    ...(created !== undefined && { created: isoTime(created) }),
    ...(changed !== undefined && { changed: isoTime(changed) }),
    ...(accessed !== undefined && { accessed: isoTime(accessed) }),
    ...(sddl !== undefined && { sddl }),
    extendedAttributes: [...(entry.extendedAttributes?.keys() ?? [])],
  };
}

function streamsOf(root: ViewNode, path: string, view: ViewNode): EntryDetail['streams'] {
  const parent = findView(root, path.slice(0, Math.max(0, path.lastIndexOf('/'))))?.node;
  return (view.node.streamKeys ?? []).flatMap(key => {
    const stream = parent?.children?.get(key);
    if (!stream) return [];
    return [{ name: stream.name.slice(stream.name.indexOf(':') + 1), size: stream.size }];
  });
}

// Layer by layer: where the view at this path is another one than below, that layer has done something.
function historyOf(treesBaseFirst: readonly LayerTree[], key: string): EntryDetail['history'] {
  const history: { layerIndex: number; change: ChangeKind; size: number }[] = [];
  let before: NodeIn | undefined;
  for (const [layerIndex, { root, layersBaseFirst }] of treesBaseFirst.entries()) {
    const node = findNode(root, key);
    const after = node && { node, layersBaseFirst };
    const isTouched = node ? node.layerIndex === layerIndex : before !== undefined;
    if (isTouched) {
      const change = entryChange(before, after);
      history.push({ layerIndex, change, size: after ? nodeSize(after) : 0 });
    }
    before = after;
  }
  return history;
}

// ISO 8601 with Windows' full precision of 100 ns, which a Date would cut to milliseconds.
function isoTime(time: Nanoseconds): string {
  const fraction = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (time - fraction) / 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000).toISOString();
  return `${date.slice(0, 19)}.${(fraction / 100n).toString().padStart(7, '0')}Z`;
}

// Whatever stands in the layer is shown as far as it can be understood.
function sddlOf(descriptor: Uint8Array): string | undefined {
  try {
    return binaryToSddl(descriptor);
  } catch {
    return undefined;
  }
}
