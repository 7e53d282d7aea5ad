import { hierarchy, treemap, treemapSquarify, type HierarchyRectangularNode } from 'd3-hierarchy';
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
  const isFrame = ({ depth, children: below }: typeof root) => depth > 0 && below !== undefined;
  const side = (node: typeof root) => (isFrame(node) ? framePadding : 0);
  const place = treemap<Node>()
    .size([width, height])
    .tile(treemapSquarify)
    .round(true)
    .paddingInner(2)
    .paddingTop(node => (isFrame(node) ? headHeight : 0))
    .paddingRight(side)
    .paddingBottom(side)
    .paddingLeft(side);
  return place(root).descendants().flatMap(placedOf);
}

/** What has no room is left out: the list beside the treemap has it. */
function placedOf(node: HierarchyRectangularNode<Node>): readonly PlacedCell[] {
  const { data, children, x0, y0, x1, y1 } = node;
  const [width, height] = [x1 - x0, y1 - y0];
  if (data.cell === undefined || width < smallest || height < smallest) return [];
  return [{ cell: data.cell, x: x0, y: y0, width, height, isFrame: children !== undefined }];
}

/** In px; less cannot be pointed at. */
const smallest = 3;

function nodeOf(cell: TreemapCell, inside: ReadonlyMap<string, readonly TreemapCell[]>): Node {
  const below = cell.rest === undefined ? inside.get(cell.path)?.filter(isSized) : undefined;
  if (below === undefined || below.length === 0) return { cell };
  return { cell, children: below.map(child => nodeOf(child, inside)) };
}

function isSized({ size }: TreemapCell): boolean {
  return size > 0;
}

/** A folder with less of the whole than this is drawn without what is in it. */
const smallestFrame = 0.05;
/** Frames in frames: more than this is only frames. */
const deepest = 4;

/** The folders that are large enough to be looked into, as far as what is in them is known (`inside`). */
export function framesOf(
  cells: readonly TreemapCell[],
  inside: ReadonlyMap<string, readonly TreemapCell[]> = new Map(),
): readonly string[] {
  const whole = cells.reduce((sum, { size }) => sum + size, 0);
  const frames = (level: readonly TreemapCell[], depth: number): readonly string[] =>
    level
      .filter(
        cell => cell.directory && cell.rest === undefined && cell.size > whole * smallestFrame,
      )
      .flatMap(({ path }) => [
        path,
        ...(depth < deepest ? frames(inside.get(path) ?? [], depth + 1) : []),
      ]);
  return frames(cells, 1);
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
