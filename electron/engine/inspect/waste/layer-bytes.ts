import { pathKey } from '../../../../shared/windows/windows-path.ts';
import type { LayerTree, TreeEntry } from '../../layer/layer-tree.ts';
import type { EntryAt } from '../../layer/tree-node.ts';

/** Content of one entry that no name of the image shows any more. */
export interface WastedContent {
  readonly path: string;
  readonly bytes: number;
  readonly layerIndex: number;
  /** The layer that put something else at its path, or removed it. */
  readonly byLayer: number;
  readonly kind: 'overwritten' | 'deleted';
}

/** What the layers of an image hold, seen from its top. */
export interface LayerBytes {
  /** Bytes of content of each layer, base first. */
  readonly contentSizes: readonly number[];
  readonly wasted: readonly WastedContent[];
  /** From 0 to 1, see `efficiencyFormula`. */
  readonly efficiency: number;
}

/** The definition of dive, with deleted files counted as what they are there for: nothing. */
export const efficiencyFormula =
  'Over all paths: the smallest size that a layer has at the path (0 if a later layer deletes it), divided by the sum of the sizes in all layers.';

/** Called in each round of a long loop: see `createTurns`. */
export type Turn = () => Promise<void> | undefined;

/**
 * Finds what is stored in vain. `treesBaseFirst` are the cumulative views, one for each layer; `live` names the
 * contents that the image shows, by `contentName`.
 */
export async function measureLayers(
  treesBaseFirst: readonly LayerTree[],
  live: ReadonlySet<string>,
  turn: Turn,
): Promise<LayerBytes> {
  const losses = await findLosses(treesBaseFirst, turn);
  const { contentSizes, smallest } = await sizesByPath(treesBaseFirst, turn);
  for (const { path, kind } of losses.values()) {
    if (kind === 'deleted') smallest.set(pathKey(path), 0);
  }
  const all = contentSizes.reduce((sum, size) => sum + size, 0);
  const least = smallest.values().reduce((sum, size) => sum + size, 0);
  // A hard link may still show what its first name does not.
  const wasted = [...losses]
    .filter(([content, { bytes }]) => bytes > 0 && !live.has(content))
    .map(([, loss]) => loss)
    .sort((one, other) => other.bytes - one.bytes);
  return { contentSizes, wasted, efficiency: all === 0 ? 1 : least / all };
}

/** Tells contents of a chain apart. */
export function contentName({ layerIndex, entryNumber }: EntryAt): string {
  return `${layerIndex}:${entryNumber}`;
}

async function sizesByPath(treesBaseFirst: readonly LayerTree[], turn: Turn) {
  const contentSizes: number[] = [];
  const smallest = new Map<string, number>();
  for (const index of treesBaseFirst.at(-1)?.layersBaseFirst ?? []) {
    let size = 0;
    for (let number = 0; number < index.count; number++) {
      const kind = index.kindAt(number);
      if (kind !== 'file' && kind !== 'stream') continue;
      const bytes = index.sizeAt(number);
      const entry = kind === 'stream' ? index.entryAt(number) : undefined;
      const stream = entry?.kind === 'stream' ? `:${entry.streamName}` : '';
      const key = pathKey(index.pathAt(number) + stream);
      smallest.set(key, Math.min(smallest.get(key) ?? Infinity, bytes));
      size += bytes;
      const pause = turn();
      if (pause) await pause;
    }
    contentSizes.push(size);
  }
  return { contentSizes, smallest };
}

/** What each layer takes away from the view below it, by `contentName`. */
async function findLosses(
  treesBaseFirst: readonly LayerTree[],
  turn: Turn,
): Promise<Map<string, WastedContent>> {
  const losses = new Map<string, WastedContent>();
  for (const [byLayer, above] of treesBaseFirst.entries()) {
    const below = treesBaseFirst[byLayer - 1];
    const index = above.layersBaseFirst[byLayer];
    if (!below || !index) continue;
    for (let number = 0; number < index.count; number++) {
      const pause = turn();
      if (pause) await pause;
      const kind = index.kindAt(number);
      if (kind === 'stream') continue;
      const path = index.pathAt(number);
      const old = below.lookup(path);
      if (!old || (kind === 'directory' && old.entry.kind === 'directory')) continue;
      // A layer may delete a path and bring it anew.
      const isGone = (lost: TreeEntry) => above.lookup(lost.path) === undefined;
      const isDeleted = kind === 'whiteout' && isGone(old);
      noteLoss(losses, below, old, { byLayer, isDeleted });
      if (old.entry.kind !== 'directory') continue;
      for (const lost of below.walk(path)) {
        noteLoss(losses, below, lost, { byLayer, isDeleted: isGone(lost) });
      }
    }
  }
  return losses;
}

function noteLoss(
  losses: Map<string, WastedContent>,
  { layersBaseFirst }: LayerTree,
  { path, content, entry, streams }: TreeEntry,
  { byLayer, isDeleted }: { readonly byLayer: number; readonly isDeleted: boolean },
): void {
  const own = content && entry.kind !== 'hard-link' ? [content] : [];
  for (const at of [...own, ...streams]) {
    if (losses.has(contentName(at))) continue;
    const { layerIndex, entryNumber } = at;
    const bytes = layersBaseFirst[layerIndex]?.sizeAt(entryNumber) ?? 0;
    const kind = isDeleted ? 'deleted' : 'overwritten';
    losses.set(contentName(at), { path, bytes, layerIndex, byLayer, kind });
  }
}
