import type {
  ChainLayerView,
  ChainLinkView,
  LayerOrigin,
} from '../../../shared/ipc/image-views.ts';

/** What the picture needs of an image. */
export interface ChainImage {
  readonly reference: string;
  readonly links: readonly ChainLinkView[];
}

/** The metadata instructions between two layers, or behind the last one. */
export interface ChainMarks {
  readonly key: string;
  readonly reference: string;
  readonly links: readonly ChainLinkView[];
  readonly x: number;
  /** Of the line that they stand on. */
  readonly y: number;
}

/** A layer, drawn once for all images whose chain has it at this place. */
export interface ChainBlock {
  /** The chainId: equal where everything below is equal as well. */
  readonly key: string;
  readonly parentKey?: string;
  readonly layer: ChainLayerView;
  readonly link: ChainLinkView;
  /** The images of the picture that hold it. */
  readonly references: readonly string[];
  readonly lane: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The name of an image at the end of its chain. */
export interface ChainEnd {
  readonly reference: string;
  readonly lastKey?: string;
  /** Bytes of all layers, compressed. */
  readonly size: number;
  readonly x: number;
  readonly y: number;
}

/** A line from one point to another, for an SVG path. */
export interface ChainEdge {
  readonly key: string;
  readonly path: string;
  /** Of the layer that it leads to; absent where it leads to the name of an image. */
  readonly origin?: LayerOrigin;
}

/** All lengths are in units of 1/13 rem: pixels at the standard text size. */
export interface ChainLayout {
  readonly blocks: readonly ChainBlock[];
  readonly marks: readonly ChainMarks[];
  readonly edges: readonly ChainEdge[];
  readonly ends: readonly ChainEnd[];
  readonly width: number;
  readonly height: number;
}

export const blockHeight = 88;
const laneHeight = 102;
const padding = 14;
const gap = 26;
const bend = 44;
export const marksWidth = 84;
const endWidth = 200;

/** Every doubling of the size (bytes) adds the same to the width, so that 1 GiB and 1 KiB fit into one picture. */
export function blockWidth(size: number): number {
  return Math.round(104 + 11 * Math.log2(1 + Math.max(0, size) / 1024));
}

interface Draft {
  readonly blocks: Map<string, ChainBlock>;
  readonly marks: Map<string, ChainMarks>;
  readonly edges: Map<string, ChainEdge>;
}

interface Pen {
  readonly x: number;
  readonly y: number;
}

/** Lays out the chains from base (left) to top; images run together as long as their layers are the same. */
export function chainLayout(images: readonly ChainImage[]): ChainLayout {
  const draft: Draft = { blocks: new Map(), marks: new Map(), edges: new Map() };
  const ends = images.map((image, lane) => drawImage(draft, image, lane));
  return {
    blocks: [...draft.blocks.values()],
    marks: [...draft.marks.values()],
    edges: [...draft.edges.values()],
    ends,
    width: Math.max(0, ...ends.map(end => end.x + endWidth)) + padding,
    height: images.length * laneHeight + 2 * padding - (laneHeight - blockHeight),
  };
}

function drawImage(draft: Draft, image: ChainImage, lane: number): ChainEnd {
  const y = padding + lane * laneHeight + blockHeight / 2;
  let at: Pen = { x: padding, y };
  let previous: ChainBlock | undefined;
  let waiting: ChainLinkView[] = [];
  for (const link of image.links) {
    const { layer } = link;
    if (layer === undefined) {
      waiting.push(link);
      continue;
    }
    const known = draft.blocks.get(layer.chainId);
    const block = known
      ? { ...known, references: [...known.references, image.reference] }
      : drawBlock(draft, { image, link, layer, lane, from: at, previous, waiting, y });
    draft.blocks.set(block.key, block);
    previous = block;
    at = { x: block.x + block.width, y: block.y + blockHeight / 2 };
    waiting = [];
  }
  const { reference } = image;
  const x = advance(draft, { from: at, y, links: waiting, key: `end ${reference}`, reference });
  return {
    reference,
    ...(previous === undefined ? {} : { lastKey: previous.key }),
    size: sizeOf(image),
    x,
    y,
  };
}

interface BlockPlan {
  readonly image: ChainImage;
  readonly link: ChainLinkView;
  readonly layer: ChainLayerView;
  readonly lane: number;
  readonly from: Pen;
  readonly previous: ChainBlock | undefined;
  readonly waiting: readonly ChainLinkView[];
  readonly y: number;
}

function drawBlock(draft: Draft, plan: BlockPlan): ChainBlock {
  const { image, link, layer, lane, from, previous, waiting, y } = plan;
  const key: string = layer.chainId;
  const isFirst = previous === undefined && waiting.length === 0;
  const { reference } = image;
  const { origin } = layer;
  const step = { from, y, links: waiting, key, reference, origin };
  const x = isFirst ? from.x : advance(draft, step);
  return {
    key,
    ...(previous === undefined ? {} : { parentKey: previous.key }),
    layer,
    link,
    references: [reference],
    lane,
    x,
    y: y - blockHeight / 2,
    width: blockWidth(layer.compressedSize),
  };
}

interface Step {
  readonly from: Pen;
  readonly y: number;
  readonly links: readonly ChainLinkView[];
  readonly key: string;
  readonly reference: string;
  readonly origin?: LayerOrigin;
}

/** Draws the line to what comes next with its marks on it, and gives where that begins. */
function advance(draft: Draft, step: Step): number {
  const { from, y, links, key, reference, origin } = step;
  const start = from.x + (from.y === y ? 0 : bend);
  const end = start + gap + (links.length === 0 ? 0 : marksWidth + gap);
  const down = from.y === y ? '' : ` ${curve(from, { x: start, y })}`;
  const path = `M ${from.x} ${from.y}${down} H ${end}`;
  draft.edges.set(key, { key, path, ...(origin === undefined ? {} : { origin }) });
  if (links.length > 0) draft.marks.set(key, { key, reference, links, x: start + gap, y });
  return end;
}

function sizeOf({ links }: ChainImage): number {
  return links.reduce((sum, { layer }) => sum + (layer?.compressedSize ?? 0), 0);
}

function curve(from: Pen, to: Pen): string {
  const middle = (from.x + to.x) / 2;
  return `C ${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
}

/** The block that an arrow key leads to: along the chain, or to the nearest of the lane above or below. */
export function chainMove(
  layout: ChainLayout,
  currentKey: string | undefined,
  key: string,
): ChainBlock | undefined {
  const current = layout.blocks.find(block => block.key === currentKey);
  if (current === undefined) return layout.blocks[0];
  const children = layout.blocks.filter(block => block.parentKey === current.key);
  const lane = layout.blocks.filter(block => block.lane === current.lane);
  switch (key) {
    case 'ArrowLeft':
      return layout.blocks.find(block => block.key === current.parentKey);
    case 'ArrowRight':
      return children[0];
    case 'ArrowUp':
      return nearest(layout, current, (lane, from) => lane < from);
    case 'ArrowDown':
      return nearest(layout, current, (lane, from) => lane > from);
    case 'Home':
      return layout.blocks.find(block => block.parentKey === undefined);
    case 'End':
      return lane.at(-1);
    default:
      return undefined;
  }
}

function nearest(
  { blocks }: ChainLayout,
  from: ChainBlock,
  isWanted: (lane: number, from: number) => boolean,
): ChainBlock | undefined {
  const wanted = blocks.filter(block => isWanted(block.lane, from.lane));
  const distance = (block: ChainBlock): number =>
    Math.abs(block.lane - from.lane) * 1e6 +
    Math.abs(block.x + block.width / 2 - from.x - from.width / 2);
  return wanted.toSorted((a, b) => distance(a) - distance(b))[0];
}
