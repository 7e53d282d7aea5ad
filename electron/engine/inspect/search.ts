import type { ChangeKind, FilePage } from '../../../shared/ipc/image-views.ts';
import type { LayerIndex } from '../layer/layer-index.ts';
import { changeBit, type ViewNode } from './view-node.ts';
import { changeMask, joined, rowOf } from './rows.ts';

/** All paths of a view in one text, in which a part of a path is found faster than in 250,000 strings. */
export interface PathText {
  readonly nodes: readonly ViewNode[];
  readonly paths: readonly string[];
  /** Lower-cased paths, a newline after each. */
  readonly text: string;
  /** Where each path starts in `text`. */
  readonly starts: Uint32Array;
}

/** What is looked for. */
export interface SearchQuery {
  /** A part of a path, in any case; `\` means `/`. */
  readonly text: string;
  readonly changes?: readonly ChangeKind[] | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** Gathers the paths of a view, each directory before its content. */
export function pathTextOf(root: ViewNode): PathText {
  const nodes: ViewNode[] = [];
  const paths: string[] = [];
  const gather = (node: ViewNode, path: string) => {
    for (const key of [...(node.children?.keys() ?? [])].sort()) {
      const child = node.children?.get(key);
      if (!child) continue;
      const childPath = joined(path, child.name);
      nodes.push(child);
      paths.push(childPath);
      gather(child, childPath);
    }
  };
  gather(root, '');
  const lines = paths.map(path => `${path.toLowerCase().replaceAll('\n', ' ')}\n`);
  const starts = new Uint32Array(lines.length);
  let start = 0;
  for (const [line, { length }] of lines.entries()) {
    starts[line] = start;
    start += length;
  }
  return { nodes, paths, text: lines.join(''), starts };
}

/** One page of the entries whose path contains a text, in path order. */
export function searchPage(
  source: PathText,
  layersBaseFirst: readonly LayerIndex[],
  query: SearchQuery,
): FilePage {
  const wanted = changeMask(query.changes);
  const hits = linesWith(source, query.text.toLowerCase().replaceAll('\\', '/')).filter(line => {
    const node = source.nodes[line];
    return node !== undefined && (changeBit(node.change) & wanted) !== 0;
  });
  const rows = hits.slice(query.offset, query.offset + query.limit).flatMap(line => {
    const node = source.nodes[line];
    return node ? [rowOf(node, source.paths[line] ?? '', layersBaseFirst)] : [];
  });
  return { rows, total: hits.length };
}

// From hit to hit; after one, on to the next path, because a path is shown once.
function linesWith({ text, starts }: PathText, part: string): number[] {
  if (part.includes('\n')) return [];
  const lines: number[] = [];
  let line = 0;
  for (let at = text.indexOf(part); at >= 0 && line < starts.length;) {
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= at) line += 1;
    lines.push(line);
    line += 1;
    at = line < starts.length ? text.indexOf(part, starts[line]) : -1;
  }
  return lines;
}
