import type {
  EntryDetail,
  FilePage,
  LayerTotals,
  LayerView,
  TreemapCell,
} from '../../../shared/ipc/image-views.ts';
import type { FoundPage, PathHistory } from '../../../shared/ipc/layer-views.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import { createLayerTree, type LayerTree } from '../layer/layer-tree.ts';
import { contentAtOf, mergedRoot } from '../layer/merged-tree.ts';
import type { EntryAt } from '../layer/tree-node.ts';
import { entryDetail } from './entry-detail.ts';
import { createFinder, type FindQuery } from './find-entries.ts';
import { createLayerView, type ChainView } from './layer-view.ts';
import { spelledAt, pathHistory } from './path-history.ts';
import { childrenPage, treemapCells, type ChildrenQuery } from './rows.ts';
import { searchPage, type SearchQuery } from './search.ts';
import { layerTotals } from './totals.ts';

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
  /** Searches the entries of all layers. */
  find(query: FindQuery): FoundPage;
  /** What each layer did to a path. */
  history(path: string): PathHistory;
  /** The content at a path after a layer, and the path as it is spelled; undefined for what has none. */
  contentAt(
    layerIndex: number,
    path: string,
  ): { readonly at: EntryAt; readonly path: string } | undefined;
}

/** Opens a chain. Nothing is computed until it is asked for; a layer beyond the chain is a RangeError. */
export function inspectChain(layersBaseFirst: readonly LayerIndex[]): ChainInspector {
  const views = new Map<string, ChainView>();
  let finder: ((query: FindQuery) => FoundPage) | undefined;

  function check(layerIndex: number): void {
    if (!layersBaseFirst[layerIndex]) {
      throw new RangeError(`the chain has no layer ${layerIndex}`);
    }
  }
  function viewOf({ layerIndex, view }: ViewKey): ChainView {
    check(layerIndex);
    const name = `${layerIndex}:${view}`;
    const found = views.get(name) ?? createLayerView(layersBaseFirst, layerIndex, view);
    views.set(name, found);
    return found;
  }
  return {
    tree(layerIndex) {
      check(layerIndex);
      return createLayerTree(layersBaseFirst.slice(0, layerIndex + 1));
    },
    totals: layerIndex => layerTotals(viewOf({ layerIndex, view: 'layer' })),
    children: (key, query) => childrenPage(viewOf(key), query),
    search: (key, query) => searchPage(viewOf(key), query),
    treemap: (key, directory, limit) => treemapCells(viewOf(key), directory, limit),
    entry: (layerIndex, path) =>
      entryDetail(viewOf({ layerIndex, view: 'layer' }), path) ??
      entryDetail(viewOf({ layerIndex, view: 'cumulative' }), path),
    find: query => (finder ??= createFinder(layersBaseFirst))(query),
    history: path => pathHistory(layersBaseFirst, path),
    contentAt(layerIndex, path) {
      check(layerIndex);
      const found = spelledAt(layersBaseFirst, mergedRoot(layerIndex + 1), path);
      const at = found && contentAtOf(layersBaseFirst, found.node);
      return at && found ? { at, path: found.path } : undefined;
    },
  };
}
