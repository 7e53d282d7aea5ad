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
  const at = after && entryAtOf(layersBaseFirst, after);
  const index = at && layersBaseFirst[at.layerIndex];
  const content = after && contentAtOf(layersBaseFirst, after);
  const hash = content && layersBaseFirst[content.layerIndex]?.contentHashAt(content.entryNumber);
  const isJunction = index !== undefined && index.isJunction(at?.entryNumber ?? 0);
  return {
    change: entryChange(old, now),
    size: now ? nodeSize(now) : 0,
    ...(after && { kind: isJunction ? ('junction' as const) : after.kind }),
    ...(index && { modified: isoTime(index.modifiedAt(at?.entryNumber ?? 0)) }),
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
    const flags = nodes.flags[node] ?? 0;
    const isOwn = (flags & nodeFlags.own) !== 0;
    if (path === undefined && (flags & nodeFlags.whiteout) !== 0) return { by: 'whiteout', at };
    const isLast = position === keys.length - 1;
    if (isOwn && isLast) return { by: 'entry', at };
    if (isOwn && nodes.kindOf(node) !== 'directory') return { by: 'replaced-parent', at };
  }
  return { by: 'entry', at: path ?? at };
}
