import type { ChangeKind, FilePage, FileRow } from '../../../shared/ipc/image-views.ts';
import { nodeFlags } from '../layer/index-columns.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import type { MergedNode, Part } from '../layer/merged-tree.ts';
import { changeBit, changeMask } from './changes.ts';
import type { ChainView, Pair } from './layer-view.ts';
import { matches, matchesBelow, matchNodes } from './match-nodes.ts';
import { joined, nameIn, rowOf, shownNode } from './rows.ts';

/** What is looked for. */
export interface SearchQuery {
  /** A part of a path, in any case; `\` means `/`. */
  readonly text: string;
  readonly changes?: readonly ChangeKind[] | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** One page of the entries of a view whose path contains a text, in path order, each directory before its content. */
export function searchPage(view: ChainView, query: SearchQuery): FilePage {
  const marks = view.layersBaseFirst
    .slice(0, view.topLayer + 1)
    .map(({ nodes }) => matchNodes(nodes, query.text));
  const search = new Search(view, marks, query);
  search.visit(view.root, '');
  return { rows: search.rows, total: search.total };
}

/** A walk over what matches. Directories without a match below them are passed by. */
class Search {
  readonly rows: FileRow[] = [];
  total = 0;
  readonly #view: ChainView;
  readonly #marks: readonly Uint8Array[];
  readonly #wanted: number;
  readonly #offset: number;
  readonly #end: number;

  constructor(view: ChainView, marks: readonly Uint8Array[], query: SearchQuery) {
    this.#view = view;
    this.#marks = marks;
    this.#wanted = changeMask(query.changes);
    this.#offset = query.offset;
    this.#end = query.offset + query.limit;
  }

  visit(parent: Pair, path: string): void {
    const change = this.#changeOfAll(parent);
    if (change !== undefined) return this.#visitUniform(parent, path, change);
    for (const pair of this.#view.children(parent)) {
      const node = shownNode(pair);
      const mark = this.#markOf(pair);
      if (mark === 0) continue;
      const childPath = joined(path, nameIn(this.#view, pair));
      if ((mark & matches) !== 0)
        this.#add(changeBit(this.#view.change(pair)), () => rowOf(this.#view, pair, childPath));
      if (node.kind === 'directory') this.visit(pair, childPath);
    }
  }

  #markOf({ before, after }: Pair): number {
    let mark = 0;
    for (const node of [before, after]) {
      if (!node) continue;
      for (const part of node.parts.length > 0 ? node.parts : [node]) {
        mark |= this.#marks[part.layerIndex]?.[part.node] ?? 0;
      }
    }
    return mark;
  }

  #add(bit: number, row: () => FileRow): void {
    if ((bit & this.#wanted) === 0) return;
    if (this.total >= this.#offset && this.total < this.#end) this.rows.push(row());
    this.total += 1;
  }

  /** The change that everything below a directory has, where one layer alone has brought it. */
  #changeOfAll({ before, after }: Pair): ChangeKind | undefined {
    const { topLayer } = this.#view;
    const only = after ?? before;
    if (only?.parts.length !== 1) return undefined;
    if (!after) return 'deleted';
    const isTop = only.parts[0]?.layerIndex === topLayer;
    if (isTop && (before?.kind !== 'directory' || before.parts.length === 0)) return 'added';
    return !isTop && this.#view.view === 'cumulative' ? 'unchanged' : undefined;
  }

  // Through the numbers of one layer's tree: a quarter of a million of them must take no time.
  #visitUniform(parent: Pair, path: string, change: ChangeKind): void {
    const part = shownNode(parent).parts[0];
    const index = part && this.#view.layersBaseFirst[part.layerIndex];
    const marks = part && this.#marks[part.layerIndex];
    if (!index || !marks) return;
    const { nodes } = index;
    const bit = changeBit(change);
    const { layerIndex, node: start } = part;
    const visitBelow = (node: number) => {
      const end = nodes.first[node + 1] ?? 0;
      for (let child = nodes.first[node] ?? 0; child < end; child++) {
        const mark = marks[child] ?? 0;
        if (mark === 0 || ((nodes.flags[child] ?? 0) & nodeFlags.brings) === 0) continue;
        if ((mark & matches) !== 0) {
          const at = { layerIndex, node: child };
          this.#add(bit, () => this.#uniformRow(index, at, { start, path, change }));
        }
        if ((mark & matchesBelow) !== 0) visitBelow(child);
      }
    };
    visitBelow(start);
  }

  #uniformRow(
    { nodes }: LayerIndex,
    part: Part,
    below: { readonly start: number; readonly path: string; readonly change: ChangeKind },
  ): FileRow {
    const names: string[] = [];
    for (let at = part.node; at !== below.start && at !== 0; at = nodes.parent[at] ?? 0) {
      names.unshift(nodes.nameOf(at));
    }
    const kind = nodes.kindOf(part.node);
    const node: MergedNode = {
      ...part,
      kind,
      key: nodes.keyOf(part.node),
      parts: kind === 'directory' ? [part] : [],
    };
    return rowOf(this.#view, pairOf(node, below.change), joined(below.path, names.join('/')));
  }
}

function pairOf(node: MergedNode, change: ChangeKind): Pair {
  if (change === 'added') return { before: undefined, after: node };
  return change === 'deleted' ? { before: node, after: undefined } : { before: node, after: node };
}
