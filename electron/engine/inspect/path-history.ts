import { pathKey } from '../../../shared/windows/windows-path.ts';
import type { PathChange, PathHistory } from '../../../shared/ipc/layer-views.ts';
import { nodeFlags } from '../layer/index-columns.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import {
  contentAtOf,
  entryAtOf,
  mergedChild,
  mergedName,
  mergedRoot,
  type MergedNode,
} from '../layer/merged-tree.ts';
import { byteString } from '../layer/node-builder.ts';
import type { NodeTable } from '../layer/node-table.ts';
import { entryChange, nodeSize } from './entry-change.ts';
import { isoTime } from './iso-time.ts';
import { joined } from './rows.ts';

/** What each layer of a chain did to a path (any case, `/` or `\`; `file:stream` for a stream). */
export function pathHistory(layersBaseFirst: readonly LayerIndex[], path: string): PathHistory {
  const keys = keysOf(path);
  const changes: PathChange[] = [];
  let before: MergedNode | undefined;
  let spelled = path;
  for (const layerIndex of layersBaseFirst.keys()) {
    const found = spelledAt(layersBaseFirst, mergedRoot(layerIndex + 1), path);
    const after = found?.node;
    const isTouched = after ? after.layerIndex === layerIndex : before !== undefined;
    if (isTouched) {
      changes.push({
        ...changeOf(layersBaseFirst, before, after),
        layerIndex,
        ...causeOf(layersBaseFirst, layerIndex, keys, found?.path),
      });
    }
    before = after;
    spelled = found?.path ?? spelled;
  }
  return { path: spelled, changes };
}

function keysOf(path: string): string[] {
  const segments = path.split(/[/\\]/).filter(segment => segment !== '');
  return segments.map(segment => byteString(pathKey(segment)));
}

/** The node at a path, and how the path is spelled. */
export function spelledAt(
  layers: readonly LayerIndex[],
  root: MergedNode,
  path: string,
): { readonly node: MergedNode; readonly path: string } | undefined {
  let node: MergedNode | undefined = root;
  let spelled = '';
  for (const key of keysOf(path)) {
    node = mergedChild(layers, node, key);
    if (!node) return undefined;
    spelled = joined(spelled, mergedName(layers, node));
  }
  return { node, path: spelled };
}

function changeOf(
  layersBaseFirst: readonly LayerIndex[],
  before: MergedNode | undefined,
  after: MergedNode | undefined,
) {
  const old = before && { node: before, layersBaseFirst };
  const now = after && { node: after, layersBaseFirst };
  return {
    change: entryChange(old, now),
    size: now ? nodeSize(now) : 0,
    ...(after && factsOf(layersBaseFirst, after)),
  };
}

function factsOf(layers: readonly LayerIndex[], node: MergedNode) {
  const at = entryAtOf(layers, node);
  const index = at && layers[at.layerIndex];
  // A directory that is only implied has no time.
  if (!index) return { kind: node.kind };
  const content = contentAtOf(layers, node);
  const hash = content && layers[content.layerIndex]?.contentHashAt(content.entryNumber);
  return {
    kind: index.isJunction(at.entryNumber) ? ('junction' as const) : node.kind,
    modified: isoTime(index.modifiedAt(at.entryNumber)),
    ...(hash && { contentHash: Buffer.from(hash).toString('hex') }),
  };
}

/** Which entry of the layer did it: at the path itself, or at a directory above it. */
function causeOf(
  layers: readonly LayerIndex[],
  layerIndex: number,
  keys: readonly string[],
  path: string | undefined,
): Pick<PathChange, 'by' | 'at'> {
  const nodes = layers[layerIndex]?.nodes;
  let node = 0;
  let at = '';
  for (const [position, key] of keys.entries()) {
    node = nodes?.find(node, key) ?? -1;
    if (!nodes || node < 0) break;
    at = joined(at, nodes.nameOf(node));
    const by = causeAt(nodes, node, {
      isLast: position === keys.length - 1,
      isGone: path === undefined,
    });
    if (by) return { by, at };
  }
  return { by: 'entry', at: path ?? at };
}

function causeAt(
  nodes: NodeTable,
  node: number,
  { isLast, isGone }: { readonly isLast: boolean; readonly isGone: boolean },
): PathChange['by'] | undefined {
  const flags = nodes.flags[node] ?? 0;
  if (isGone && (flags & nodeFlags.whiteout) !== 0) return 'whiteout';
  if ((flags & nodeFlags.own) === 0) return undefined;
  if (isLast) return 'entry';
  return nodes.kindOf(node) === 'directory' ? undefined : 'replaced-parent';
}
