import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import type { TreemapCell } from '../../../shared/ipc/image-views.ts';

/** A cell with its place, in px from the top left. */
export interface PlacedCell {
  readonly cell: TreemapCell;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Root {
  readonly children: readonly TreemapCell[];
}

/** Places the cells that have a size; their areas are as their sizes. */
export function placeCells(
  cells: readonly TreemapCell[],
  width: number,
  height: number,
): readonly PlacedCell[] {
  const sized = cells.filter(cell => cell.size > 0);
  if (sized.length === 0 || width <= 0 || height <= 0) return [];
  const root = hierarchy<Root | TreemapCell>({ children: sized }, node =>
    'children' in node ? node.children : undefined,
  ).sum(node => ('size' in node ? node.size : 0));
  const placed = treemap<Root | TreemapCell>()
    .size([width, height])
    .tile(treemapSquarify)
    .paddingInner(2)(root);
  return placed
    .leaves()
    .flatMap(({ data, x0, y0, x1, y1 }) =>
      'size' in data ? [{ cell: data, x: x0, y: y0, width: x1 - x0, height: y1 - y0 }] : [],
    );
}

/** The directories from the root to `path`, each with its name: `''`, `Files`, `Files/Windows`. */
export function pathSteps(
  path: string,
): readonly { readonly name: string; readonly path: string }[] {
  const names = path === '' ? [] : path.split('/');
  return [
    { name: 'layer', path: '' },
    ...names.map((name, index) => ({ name, path: names.slice(0, index + 1).join('/') })),
  ];
}
