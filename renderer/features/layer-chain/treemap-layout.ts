import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import type { TreemapCell } from '../../../shared/ipc/image-views.ts';

/** A cell with its place, in px from the top left. A folder whose content is drawn in it is a frame. */
export interface PlacedCell {
  readonly cell: TreemapCell;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isFrame: boolean;
}

interface Node {
  readonly cell?: TreemapCell;
  readonly children?: readonly Node[];
}

/** Room for the name of a folder above what is in it, in px. */
const headHeight = 19;
const framePadding = 3;

/**
 * Places the cells that have a size; their areas are as their sizes. `inside` has what is in some of the folders, by
 * path: it is drawn within them. A frame comes before what is in it.
 */
export function placeCells(
  cells: readonly TreemapCell[],
  box: { readonly width: number; readonly height: number },
  inside: ReadonlyMap<string, readonly TreemapCell[]> = new Map(),
): readonly PlacedCell[] {
  const { width, height } = box;
  const children = cells.filter(isSized).map(cell => nodeOf(cell, inside));
  if (children.length === 0 || width <= 0 || height <= 0) return [];
  const root = hierarchy<Node>({ children }, node => node.children).sum(
    ({ cell, children: below }) => (below === undefined ? (cell?.size ?? 0) : 0),
  );
  const place = treemap<Node>()
    .size([width, height])
    .tile(treemapSquarify)
    .round(true)
    .paddingInner(2)
    .paddingTop(({ depth, children: below }) => (depth === 1 && below ? headHeight : 0))
    .paddingRight(({ depth, children: below }) => (depth === 1 && below ? framePadding : 0))
    .paddingBottom(({ depth, children: below }) => (depth === 1 && below ? framePadding : 0))
    .paddingLeft(({ depth, children: below }) => (depth === 1 && below ? framePadding : 0));
  return place(root)
    .descendants()
    .flatMap(({ data, children: below, x0, y0, x1, y1 }) =>
      data.cell === undefined
        ? []
        : [
            {
              cell: data.cell,
              x: x0,
              y: y0,
              width: x1 - x0,
              height: y1 - y0,
              isFrame: below !== undefined,
            },
          ],
    );
}

function nodeOf(cell: TreemapCell, inside: ReadonlyMap<string, readonly TreemapCell[]>): Node {
  const below = cell.rest === undefined ? inside.get(cell.path)?.filter(isSized) : undefined;
  if (below === undefined || below.length === 0) return { cell };
  return { cell, children: below.map(child => ({ cell: child })) };
}

function isSized({ size }: TreemapCell): boolean {
  return size > 0;
}

/** A folder with less of the whole than this is drawn without what is in it. */
const smallestFrame = 0.05;

/** The folders that are large enough to be looked into, largest first. */
export function framesOf(cells: readonly TreemapCell[]): readonly string[] {
  const whole = cells.reduce((sum, { size }) => sum + size, 0);
  return cells
    .filter(cell => cell.directory && cell.rest === undefined && cell.size > whole * smallestFrame)
    .map(({ path }) => path);
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
