import type {
  WasteCategory,
  WasteCategoryView,
  WasteFile,
  WasteView,
  WhatIf,
} from '../../../../shared/ipc/inspect-views.ts';
import { wasteCategories } from '../../../../shared/ipc/inspect-views.ts';
import type { InspectedImage } from '../inspected-image.ts';
import { topTree } from '../inspected-image.ts';
import { createTurns } from '../turns.ts';
import { categoryOf, categoryTexts } from './categories.ts';
import type { Instruction } from './dockerfile-edit.ts';
import {
  contentName,
  efficiencyFormula,
  measureLayers,
  type Turn,
  type WastedContent,
} from './layer-bytes.ts';
import { moveWhatIfs } from './move-what-if.ts';
import { createTouching } from './touching-layers.ts';
import { cleanUpWhatIfs, mergeWhatIfs } from './what-if.ts';

/** What is known of an image besides its files. */
export interface WasteInput {
  /** Bytes as stored, base first. */
  readonly packedSizes: readonly number[];
  /** Layers below are those of the base; equal to the number of layers where none is the user's own. */
  readonly firstOwnLayer: number;
  readonly instructions: readonly Instruction[];
}

const listedFiles = 20;

/** Measures what an image stores in vain, and what would mend it. */
export async function measureWaste(
  image: InspectedImage,
  input: WasteInput,
  signal?: AbortSignal,
): Promise<WasteView> {
  const turn = createTurns(signal);
  const trees = Array.from({ length: image.layerCount }, (_, at) => image.tree(at));
  const { live, files } = await shownFiles(image, turn);
  const { contentSizes, wasted, efficiency } = await measureLayers(trees, live, turn);
  const facts = { ...input, contentSizes };
  const categories = categoryViews(files, wasted, input.firstOwnLayer);
  const moves = await moveWhatIfs(
    wasted,
    facts,
    createTouching(trees.at(-1)?.layersBaseFirst ?? [], turn),
  );
  const merges = mergeWhatIfs(wasted, facts).filter(merge => !isBetterMoved(merge, moves));
  const yours = wasted.filter(({ byLayer }) => byLayer >= input.firstOwnLayer);
  return {
    packedSize: sum(input.packedSizes),
    contentSize: sum(contentSizes),
    wastedBytes: sum(wasted.map(({ bytes }) => bytes)),
    yourWastedBytes: sum(yours.map(({ bytes }) => bytes)),
    efficiency,
    efficiencyFormula,
    firstOwnLayer: input.firstOwnLayer,
    categories,
    whatIfs: [...moves, ...merges, ...cleanUpWhatIfs(categories, facts)].sort(
      (one, other) => other.savedPackedBytes - one.savedPackedBytes,
    ),
    notes: [
      {
        kind: 'info',
        text: 'Packed savings are estimates: each byte counts as its layer is compressed on the whole.',
      },
    ],
  };
}

/** Moving one step saves what a coarser change would. */
function isBetterMoved(merge: WhatIf, moves: readonly WhatIf[]): boolean {
  return moves.some(
    move =>
      move.fromLayer === merge.fromLayer &&
      move.toLayer === merge.toLayer &&
      move.savedBytes >= 0.95 * merge.savedBytes,
  );
}

type FilesByCategory = Map<WasteCategory, WasteFile[]>;

function addFile(files: FilesByCategory, category: WasteCategory, file: WasteFile): void {
  const found = files.get(category);
  if (found) found.push(file);
  else files.set(category, [file]);
}

/** The contents that the image shows, and those of its files that belong to a category. */
async function shownFiles(image: InspectedImage, turn: Turn) {
  const live = new Set<string>();
  const files: FilesByCategory = new Map();
  if (image.layerCount === 0) return { live, files };
  for (const { path, entry, content, streams } of topTree(image).walk('')) {
    const pause = turn();
    if (pause) await pause;
    for (const at of streams) live.add(contentName(at));
    if (!content) continue;
    live.add(contentName(content));
    const category = entry.kind === 'file' ? categoryOf(path) : undefined;
    const { layerIndex, size } = content;
    if (category) addFile(files, category, { path, bytes: size, layerIndex });
  }
  return { live, files };
}

function categoryViews(
  shown: FilesByCategory,
  wasted: readonly WastedContent[],
  firstOwnLayer: number,
): WasteCategoryView[] {
  const files = new Map(shown);
  for (const { kind, path, bytes, layerIndex, byLayer } of wasted) {
    addFile(files, kind, { path, bytes, layerIndex, byLayer });
  }
  return wasteCategories.flatMap(category => {
    const found = files.get(category);
    return found ? [categoryView(category, found, firstOwnLayer)] : [];
  });
}

function categoryView(
  category: WasteCategory,
  files: readonly WasteFile[],
  firstOwnLayer: number,
): WasteCategoryView {
  // What your own layer does away with is yours, whoever brought it.
  const isYours = (file: WasteFile) => (file.byLayer ?? file.layerIndex) >= firstOwnLayer;
  const layers = Map.groupBy(files, ({ layerIndex }) => layerIndex);
  const sorted = files.toSorted((one, other) => other.bytes - one.bytes);
  const yours = sorted.filter(isYours);
  const { title, advice } = categoryTexts[category];
  return {
    category,
    title,
    bytes: bytesOf(files),
    files: files.length,
    yourBytes: bytesOf(yours),
    byLayer: [...layers]
      .map(([layerIndex, each]) => ({ layerIndex, bytes: bytesOf(each) }))
      .sort((one, other) => one.layerIndex - other.layerIndex),
    // Your own first: those can be avoided.
    largest: [...yours, ...sorted.filter(file => !isYours(file))].slice(0, listedFiles),
    advice,
  };
}

function bytesOf(files: readonly WasteFile[]): number {
  return sum(files.map(({ bytes }) => bytes));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
