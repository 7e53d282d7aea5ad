import type {
  ChainLayerView,
  ChainLinkView,
  ImageDetail,
  ImageSummary,
} from '../../../shared/ipc/image-views.ts';
import { instructionText } from './chain-words.ts';

/** Names a layer as the contract does; `layerIndex` counts from the base, from 0. */
export interface LayerAt {
  readonly reference: string;
  readonly layerIndex: number;
}

/** A layer with all that the view of it needs. */
export interface ShownLayer {
  readonly at: LayerAt;
  readonly link: ChainLinkView;
  readonly layer: ChainLayerView;
  readonly summary: ImageSummary;
}

/** How many images fit beside one another. */
export const mostImages = 4;

/** All layers of the images that are shown, base first. */
export function layersOf(details: readonly ImageDetail[]): readonly ShownLayer[] {
  return details.flatMap(({ summary, links }) =>
    links.flatMap(link => {
      const { layer } = link;
      if (layer === undefined) return [];
      const at = { reference: summary.reference, layerIndex: layer.layerIndex };
      return [{ at, link, layer, summary }];
    }),
  );
}

/** The layer at a place; undefined where there is none such. */
export function findLayer(
  layers: readonly ShownLayer[],
  at: LayerAt | undefined,
): ShownLayer | undefined {
  return layers.find(layer => isAt(layer, at));
}

function isAt({ at: own }: ShownLayer, at: LayerAt | undefined): boolean {
  return own.reference === at?.reference && own.layerIndex === at.layerIndex;
}

/** The uppermost layer of an image: the one that shows all of it. */
export function topLayer(
  layers: readonly ShownLayer[],
  reference: string | undefined,
): ShownLayer | undefined {
  return layers.findLast(({ at }) => at.reference === reference);
}

/** What a layer is compared with unless something else is chosen: the one below it, else any other. */
export function comparedBefore(
  layers: readonly ShownLayer[],
  { at }: ShownLayer,
): ShownLayer | undefined {
  return (
    findLayer(layers, { ...at, layerIndex: at.layerIndex - 1 }) ??
    layers.find(layer => !isAt(layer, at))
  );
}

/** A layer of an image in one line, for a list of choices. */
export function layerLabel({ at, link }: ShownLayer): string {
  const text = instructionText(link.createdBy);
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `Layer ${at.layerIndex} · ${short}`;
}

/** The images to show so that `wanted` is among them; `kept`, where it is shown, stays. */
export function imagesWith(
  references: readonly string[],
  wanted: string,
  kept: string | undefined,
): readonly string[] {
  if (references.includes(wanted)) return references;
  if (references.length < mostImages) return [...references, wanted];
  const replaced = references.findLastIndex(reference => reference !== kept);
  return references.with(Math.max(0, replaced), wanted);
}

/** The images to show: those that were chosen and are still there, else the first of one's own, else the first. */
export function imagesToShow(
  images: readonly ImageSummary[],
  chosen: readonly string[],
): readonly string[] {
  const known = new Set(images.map(({ reference }) => reference));
  const kept = chosen.filter(reference => known.has(reference));
  if (kept.length > 0) return kept;
  const first = images.find(({ sample }) => !sample) ?? images[0];
  return first === undefined ? [] : [first.reference];
}
