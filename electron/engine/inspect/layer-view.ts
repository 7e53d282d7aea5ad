import type { ChangeKind, LayerView } from '../../../shared/ipc/image-views.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import {
  entryAtOf,
  mergedChild,
  mergedChildren,
  mergedRoot,
  type MergedNode,
} from '../layer/merged-tree.ts';
import { changeBit } from './changes.ts';
import { entryChange, nodeSize } from './entry-change.ts';
import { addSummary, emptySummary, type Summary } from './summary.ts';

/** One name of a view: what the layers below have there, and what is there with the layer on top. One of them is set. */
export interface Pair {
  readonly before: MergedNode | undefined;
  readonly after: MergedNode | undefined;
}

/**
 * A layer of a chain, compared with what lies below it. `layer` shows what the layer holds and deletes, with the
 * directories on the way; `cumulative` shows everything, and what was deleted. Directories are looked into when they
 * are asked for; what one layer alone has is summed up in its index already.
 */
export interface ChainView {
  readonly view: LayerView;
  readonly topLayer: number;
  readonly layersBaseFirst: readonly LayerIndex[];
  readonly root: Pair;
  /** What the view shows in a directory, sorted by key. */
  children(pair: Pair): Pair[];
  /** Undefined if the view does not show it. */
  child(pair: Pair, key: string): Pair | undefined;
  change(pair: Pair): ChangeKind;
  /** What the view shows at a name and below it. */
  summary(pair: Pair): Summary;
}

/** Opens the view of layer `topLayer`, base first from 0. */
export function createLayerView(
  layersBaseFirst: readonly LayerIndex[],
  topLayer: number,
  view: LayerView,
): ChainView {
  const changeOf = ({ before, after }: Pair) =>
    entryChange(
      before && { node: before, layersBaseFirst },
      after && { node: after, layersBaseFirst },
    );
  const isTouched = ({ after }: Pair) =>
    !after || (after.parts[0] ?? after).layerIndex === topLayer;
  const isShown = (pair: Pair) => {
    if (view === 'cumulative') return true;
    if (!isTouched(pair)) return false;
    const { after } = pair;
    if (
      after?.kind !== 'directory' ||
      (after.layerIndex === topLayer && entryAtOf(layersBaseFirst, after))
    )
      return true;
    return changeOf(pair) === 'deleted' || children(pair).length > 0;
  };
  function children({ before, after }: Pair): Pair[] {
    const upper = after?.kind === 'directory' ? mergedChildren(layersBaseFirst, after) : [];
    // What a file has replaced is no longer shown: the file is.
    const isReplaced = after !== undefined && after.kind !== 'directory';
    const lower =
      before?.kind === 'directory' && !isReplaced ? mergedChildren(layersBaseFirst, before) : [];
    return zipped(lower, upper).filter(isShown);
  }
  const summaries = createSummaries({
    layersBaseFirst,
    topLayer,
    view,
    children,
    changeOf,
    isTouched,
  });
  return {
    view,
    topLayer,
    layersBaseFirst,
    root: { before: mergedRoot(topLayer), after: mergedRoot(topLayer + 1) },
    children,
    child({ before, after }, key) {
      const isReplaced = after !== undefined && after.kind !== 'directory';
      const pair = {
        before: before && !isReplaced ? mergedChild(layersBaseFirst, before, key) : undefined,
        after: after && mergedChild(layersBaseFirst, after, key),
      };
      return (pair.before ?? pair.after) && isShown(pair) ? pair : undefined;
    },
    change: changeOf,
    summary: pair => summaries.of(pair),
  };
}

/** Joins two sorted lists by key. */
export function zipped(before: readonly MergedNode[], after: readonly MergedNode[]): Pair[] {
  const pairs: Pair[] = [];
  let [b, a] = [0, 0];
  while (b < before.length || a < after.length) {
    const [old, now] = [before[b], after[a]];
    const takesOld = old !== undefined && (now === undefined || old.key <= now.key);
    const takesNow = now !== undefined && (old === undefined || now.key <= old.key);
    pairs.push({ before: takesOld ? old : undefined, after: takesNow ? now : undefined });
    b += Number(takesOld);
    a += Number(takesNow);
  }
  return pairs;
}

interface SummaryParts {
  readonly layersBaseFirst: readonly LayerIndex[];
  readonly topLayer: number;
  readonly view: LayerView;
  readonly children: (pair: Pair) => Pair[];
  readonly changeOf: (pair: Pair) => ChangeKind;
  readonly isTouched: (pair: Pair) => boolean;
}

function createSummaries(parts: SummaryParts) {
  const { layersBaseFirst, topLayer } = parts;
  const wholes = createWholes(layersBaseFirst);
  /** By the node of the top layer. */
  const known = new Map<number, Summary>();

  function of(pair: Pair): Summary {
    const { before, after } = pair;
    const node = after ?? before;
    if (node?.kind !== 'directory') return node ? leaf(pair, node) : emptySummary;
    if (!after) return uniform(node, 'deleted');
    if (!parts.isTouched(pair)) {
      return parts.view === 'layer' ? emptySummary : uniform(node, 'unchanged');
    }
    const own = parts.changeOf(pair);
    if (before?.kind !== 'directory') return added(node, own);
    const number = after.parts[0]?.node ?? 0;
    const found = known.get(number) ?? summed(pair, own);
    known.set(number, found);
    return found;
  }
  function summed(pair: Pair, own: ChangeKind): Summary {
    const sum = { ...emptySummary, changes: changeBit(own) };
    for (const child of parts.children(pair)) addSummary(sum, of(child), !child.after);
    const { after } = pair;
    const isHeld = after?.layerIndex === topLayer && entryAtOf(layersBaseFirst, after);
    sum.directories += Number(isHeld !== undefined && isHeld !== false);
    return sum;
  }
  function leaf(pair: Pair, node: MergedNode): Summary {
    const change = parts.changeOf(pair);
    const counts = node.kind !== 'stream';
    const size = nodeSize({ node, layersBaseFirst });
    return {
      ...emptySummary,
      size: node.kind === 'hard-link' ? 0 : size,
      files: Number(counts),
      changes: changeBit(change),
      held: Number(counts && change !== 'deleted' && node.layerIndex === topLayer),
      ...(counts && change !== 'unchanged' && { [change]: 1 }),
    };
  }
  // All of it has one and the same change, and none of it is the top layer's.
  function uniform(node: MergedNode, change: 'deleted' | 'unchanged'): Summary {
    const { size, files } = wholes.of(node);
    const deleted = change === 'deleted' ? files : 0;
    return { ...emptySummary, size, files, deleted, changes: changeBit(change) };
  }
  // Below it there was nothing: all is the top layer's, which has summed it up.
  function added(node: MergedNode, own: ChangeKind): Summary {
    const nodes = layersBaseFirst[topLayer]?.nodes;
    const at = node.parts[0]?.node ?? 0;
    if (!nodes) return emptySummary;
    const [size = 0, files = 0, directories = 0] = [
      nodes.size[at],
      nodes.files[at],
      nodes.directories[at],
    ];
    const hasMore = (nodes.first[at + 1] ?? 0) > (nodes.first[at] ?? 0);
    const changes = changeBit(own) | (hasMore ? changeBit('added') : 0);
    return { ...emptySummary, size, files, changes, added: files, held: files, directories };
  }
  return { of };
}

/** Sizes of whole directories of the chain, without regard to changes. */
function createWholes(layersBaseFirst: readonly LayerIndex[]) {
  /** By the topmost part; what one layer alone has needs no memory. */
  const known = new Map<number, { readonly size: number; readonly files: number }>();
  function of(node: MergedNode): { readonly size: number; readonly files: number } {
    const [top, ...others] = node.parts.length > 0 ? node.parts : [node];
    const nodes = top && layersBaseFirst[top.layerIndex]?.nodes;
    if (!top || !nodes) return { size: 0, files: 0 };
    if (others.length === 0)
      return { size: nodes.size[top.node] ?? 0, files: nodes.files[top.node] ?? 0 };
    const name = top.layerIndex * 2 ** 32 + top.node;
    const found = known.get(name);
    if (found) return found;
    const sum = { size: 0, files: 0 };
    for (const child of mergedChildren(layersBaseFirst, node)) {
      const { size, files } = of(child);
      sum.size += size;
      sum.files += files;
    }
    known.set(name, sum);
    return sum;
  }
  return { of };
}
