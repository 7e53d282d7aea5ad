import type {
  WasteCategory,
  WasteCategoryView,
  WasteFile,
  WasteView,
} from '../../../../shared/ipc/inspect-views.ts';
import { wasteCategories } from '../../../../shared/ipc/inspect-views.ts';
import type { InspectedImage } from '../inspected-image.ts';
import { topTree } from '../inspected-image.ts';
import type { TreeNode } from '../../layer/tree-node.ts';
import { categoryOf, categoryTexts } from './categories.ts';
import type { Instruction } from './dockerfile-edit.ts';
import { efficiencyFormula, measureLayers, type WastedContent } from './layer-bytes.ts';
import { cleanUpWhatIfs, mergeWhatIfs } from './what-if.ts';

/** What is known of an image besides its files. */
export interface WasteInput {
  /** Bytes as stored, base first. */
  readonly packedSizes: readonly number[];
  /** Layers below are those of the base; equal to the number of layers where none is the user's own. */
  readonly firstOwnLayer: number;
  readonly instructions: readonly Instruction[];
}

const shownFiles = 20;

/** Measures what an image stores in vain, and what would mend it. */
export function measureWaste(image: InspectedImage, input: WasteInput): WasteView {
  const trees = Array.from({ length: image.layerCount }, (_, at) => image.tree(at));
  const { contentSizes, wasted, efficiency } = measureLayers(trees);
  const facts = { ...input, contentSizes };
  const categories = categoryViews(image, wasted, input.firstOwnLayer);
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
    whatIfs: [...mergeWhatIfs(wasted, facts), ...cleanUpWhatIfs(categories, facts)].sort(
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

function categoryViews(
  image: InspectedImage,
  wasted: readonly WastedContent[],
  firstOwnLayer: number,
): WasteCategoryView[] {
  const files = new Map<WasteCategory, WasteFile[]>();
  const add = (category: WasteCategory, file: WasteFile) => {
    const found = files.get(category);
    if (found) found.push(file);
    else files.set(category, [file]);
  };
  for (const { kind, path, bytes, layerIndex, byLayer } of wasted) {
    add(kind, { path, bytes, layerIndex, byLayer });
  }
  if (image.layerCount > 0) {
    forEachFile(image, (path, file) => {
      const category = categoryOf(path);
      if (category) add(category, file);
    });
  }
  return wasteCategories.flatMap(category => {
    const found = files.get(category);
    return found ? [categoryView(category, found, firstOwnLayer)] : [];
  });
}

function forEachFile(image: InspectedImage, visit: (path: string, file: WasteFile) => void): void {
  const { root, layersBaseFirst } = topTree(image);
  const gather = (node: TreeNode, path: string) => {
    const { kind, layerIndex, entryNumber } = node;
    if (kind === 'file' || kind === 'stream') {
      const bytes = layersBaseFirst[layerIndex]?.sizeAt(entryNumber) ?? 0;
      visit(path, { path, bytes, layerIndex });
    }
    for (const child of node.children?.values() ?? []) {
      gather(child, path === '' ? child.name : `${path}/${child.name}`);
    }
  };
  gather(root, '');
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
    largest: [...yours, ...sorted.filter(file => !isYours(file))].slice(0, shownFiles),
    advice,
  };
}

function bytesOf(files: readonly WasteFile[]): number {
  return sum(files.map(({ bytes }) => bytes));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
