import type { WasteCategoryView, WhatIf } from '../../../../shared/ipc/inspect-views.ts';
import { categoryTexts, cleanUpCommands } from './categories.ts';
import type { WastedContent } from './layer-bytes.ts';
import { cleanUpEdit, mergeEdit, type Instruction } from './dockerfile-edit.ts';

/** What is known of the layers besides their files. */
export interface LayerFacts {
  /** Bytes as stored and as content, base first. */
  readonly packedSizes: readonly number[];
  readonly contentSizes: readonly number[];
  readonly firstOwnLayer: number;
  /** All instructions, also those that made no layer, in the order of the history. */
  readonly instructions: readonly Instruction[];
}

const shownMerges = 5;
const shownCleanUps = 8;
/** Bytes; smaller savings are not worth an edit. */
export const leastSaving = 100_000;

/** Own layers from one that holds something in vain to the one that overwrote or deleted it. */
interface Range {
  readonly from: number;
  readonly to: number;
  /** Bytes that merging all of them saves. */
  readonly saved: number;
}

/** What merging steps would save: ranges of own layers, the best first. */
export function mergeWhatIfs(wasted: readonly WastedContent[], facts: LayerFacts): WhatIf[] {
  const own = wasted.filter(({ layerIndex }) => layerIndex >= facts.firstOwnLayer);
  const ranges = rangesOf(own).filter(({ saved }) => saved >= leastSaving);
  ranges.sort(
    (one, other) => other.saved - one.saved || one.to - one.from - (other.to - other.from),
  );
  // A wider range that saves hardly more than one inside it only makes a coarser Dockerfile.
  const useful = ranges.filter(
    range =>
      !ranges.some(
        inner => inner !== range && isInside(inner, range) && inner.saved >= 0.95 * range.saved,
      ),
  );
  return useful.slice(0, shownMerges).map(range => mergeWhatIf(range, own, facts));
}

function rangesOf(own: readonly WastedContent[]): Range[] {
  // Summed up first: there are few pairs of layers, but there may be 100,000 files.
  const pairs = new Map<string, Range>();
  for (const { layerIndex: from, byLayer: to, bytes } of own) {
    const name = `${from}-${to}`;
    pairs.set(name, { from, to, saved: (pairs.get(name)?.saved ?? 0) + bytes });
  }
  const all = [...pairs.values()];
  return all.map(range => ({
    ...range,
    saved: all.reduce((sum, pair) => sum + (isInside(pair, range) ? pair.saved : 0), 0),
  }));
}

function isInside(inner: Range, outer: Range): boolean {
  return inner.from >= outer.from && inner.to <= outer.to;
}

function mergeWhatIf(
  { from, to, saved }: Range,
  own: readonly WastedContent[],
  facts: LayerFacts,
): WhatIf {
  const within = own.filter(({ layerIndex, byLayer }) => layerIndex >= from && byLayer <= to);
  const savedPackedBytes = packedBytes(within, facts);
  return {
    kind: 'merge',
    title: `Merge layers ${from} to ${to} into one`,
    fromLayer: from,
    toLayer: to,
    savedBytes: saved,
    savedPackedBytes,
    predictedSize: predictedSize(facts, savedPackedBytes),
    ...mergeEdit(facts.instructions, { from, to, wastedPaths: within.map(({ path }) => path) }),
  };
}

/** What removing files of a category in the step that makes them would save. */
export function cleanUpWhatIfs(
  categories: readonly WasteCategoryView[],
  facts: LayerFacts,
): WhatIf[] {
  const all = categories.flatMap(view => {
    const { category } = view;
    if (category === 'overwritten' || category === 'deleted') return [];
    return view.byLayer.flatMap(({ layerIndex, bytes }) => {
      const paths = view.largest.filter(file => file.layerIndex === layerIndex);
      const commands = cleanUpCommands(
        category,
        paths.map(({ path }) => path),
      );
      const isOwn = layerIndex >= facts.firstOwnLayer;
      if (!isOwn || bytes < leastSaving || commands.length === 0) return [];
      return [{ view, layerIndex, bytes, commands }];
    });
  });
  all.sort((one, other) => other.bytes - one.bytes);
  return all.slice(0, shownCleanUps).map(({ view, layerIndex, bytes, commands }) => {
    const savedPackedBytes = Math.round(bytes * ratioOf(facts, layerIndex));
    return {
      kind: 'clean-up',
      title: `${categoryTexts[view.category].title}: leave out of layer ${layerIndex}`,
      fromLayer: layerIndex,
      toLayer: layerIndex,
      category: view.category,
      savedBytes: bytes,
      savedPackedBytes,
      predictedSize: predictedSize(facts, savedPackedBytes),
      ...cleanUpEdit(facts.instructions, layerIndex, commands, view.category),
    };
  });
}

/** What wasted contents take as they are stored, estimated. */
export function packedBytes(wasted: readonly WastedContent[], facts: LayerFacts): number {
  return Math.round(
    wasted.reduce((sum, each) => sum + each.bytes * ratioOf(facts, each.layerIndex), 0),
  );
}

/** Bytes as stored for each byte of content. */
function ratioOf({ packedSizes, contentSizes }: LayerFacts, layerIndex: number): number {
  const content = contentSizes[layerIndex] ?? 0;
  return content === 0 ? 0 : Math.min(1, (packedSizes[layerIndex] ?? 0) / content);
}

/** Bytes of the image without what is saved. */
export function predictedSize({ packedSizes }: LayerFacts, saved: number): number {
  return packedSizes.reduce((sum, size) => sum + size, 0) - saved;
}
