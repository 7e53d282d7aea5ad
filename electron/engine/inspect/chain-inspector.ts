import type {
  EntryDetail,
  FilePage,
  LayerTotals,
  LayerView,
  TreemapCell,
} from '../../../shared/ipc/image-views.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import { createLayerTree, type LayerTree } from '../layer/layer-tree.ts';
import { entryDetail } from './entry-detail.ts';
import { childrenPage, treemapCells, type ChildrenQuery } from './rows.ts';
import { pathTextOf, searchPage, type PathText, type SearchQuery } from './search.ts';
import { layerTotals } from './totals.ts';
import { viewOf, type ViewNode } from './view-node.ts';

/** Which layer is looked at (base first, from 0), and how. */
export interface ViewKey {
  readonly layerIndex: number;
  readonly view: LayerView;
}

/** Answers what the app asks about a chain of layers, page by page. */
export interface ChainInspector {
  totals(layerIndex: number): LayerTotals;
  children(key: ViewKey, query: ChildrenQuery): FilePage;
  search(key: ViewKey, query: SearchQuery): FilePage;
  treemap(key: ViewKey, directory: string, limit: number): TreemapCell[];
  /** Undefined if neither the layer nor the chain up to it has the path. */
  entry(layerIndex: number, path: string): EntryDetail | undefined;
  /** The cumulative view up to a layer. */
  tree(layerIndex: number): LayerTree;
}

/** How many views are kept: the one that is looked at, the one before, and the other kind of each. */
const keptViews = 4;

/** Opens a chain. Nothing is computed until it is asked for; a layer beyond the chain is a RangeError. */
export function inspectChain(layersBaseFirst: readonly LayerIndex[]): ChainInspector {
  const trees: LayerTree[] = [];
  const totals = new Map<number, LayerTotals>();
  const views = createViews((layerIndex, view) =>
    viewOf(layerIndex === 0 ? undefined : tree(layerIndex - 1), tree(layerIndex), view),
  );

  function tree(layerIndex: number): LayerTree {
    for (let next = trees.length; next <= layerIndex; next++) {
      const layer = layersBaseFirst[next];
      if (!layer) throw new RangeError(`the chain has no layer ${layerIndex}`);
      trees.push(trees.at(-1)?.with(layer) ?? createLayerTree([layer]));
    }
    const found = trees[layerIndex];
    if (!found) throw new RangeError(`the chain has no layer ${layerIndex}`);
    return found;
  }
  return {
    tree,
    totals(layerIndex) {
      const known = totals.get(layerIndex);
      if (known) return known;
      const counted = layerTotals(views.get({ layerIndex, view: 'layer' }).root, layerIndex);
      totals.set(layerIndex, counted);
      return counted;
    },
    children: (key, query) => childrenPage(views.get(key).root, layersBaseFirst, query),
    search: (key, query) => searchPage(views.get(key).pathText(), layersBaseFirst, query),
    treemap: (key, directory, limit) => treemapCells(views.get(key).root, directory, limit),
    entry(layerIndex, path) {
      tree(layerIndex);
      const upTo = trees.slice(0, layerIndex + 1);
      return (
        entryDetail(views.get({ layerIndex, view: 'layer' }).root, upTo, path) ??
        entryDetail(views.get({ layerIndex, view: 'cumulative' }).root, upTo, path)
      );
    },
  };
}

interface KeptView {
  readonly root: ViewNode;
  readonly pathText: () => PathText;
}

// A view of 250,000 entries takes about 100 MB, so only the last few stay.
function createViews(make: (layerIndex: number, view: LayerView) => ViewNode) {
  const kept = new Map<string, KeptView>();
  return {
    get({ layerIndex, view }: ViewKey): KeptView {
      const name = `${layerIndex}:${view}`;
      const found = kept.get(name) ?? keptView(make(layerIndex, view));
      kept.delete(name);
      kept.set(name, found);
      const [oldest] = kept.keys();
      if (kept.size > keptViews && oldest !== undefined) kept.delete(oldest);
      return found;
    },
  };
}

function keptView(root: ViewNode): KeptView {
  let text: PathText | undefined;
  return { root, pathText: () => (text ??= pathTextOf(root)) };
}
