import { AppError } from '../../../shared/failure.ts';
import { comparePage, compareTrees } from '../../engine/inspect/compare-trees.ts';
import type { HandlersFor } from '../answer.ts';
import { checkLayer, type Chains } from '../images/chains.ts';

type LayerChannel =
  | 'layer.totals'
  | 'layer.children'
  | 'layer.search'
  | 'layer.treemap'
  | 'layer.entry'
  | 'layer.compare';

/** What is in the layers of an image. */
export function layerHandlers(chains: Chains): HandlersFor<LayerChannel> {
  async function open(reference: string, layerIndex: number, signal: AbortSignal) {
    const chain = await chains.open(reference, signal);
    checkLayer(chain, layerIndex);
    return chain;
  }

  return {
    'layer.totals': async ({ reference, layerIndex }, signal) =>
      (await open(reference, layerIndex, signal)).totals(layerIndex),
    'layer.children': async ({ reference, layerIndex, view, ...query }, signal) =>
      (await open(reference, layerIndex, signal)).children({ layerIndex, view }, query),
    'layer.search': async ({ reference, layerIndex, view, ...query }, signal) =>
      (await open(reference, layerIndex, signal)).search({ layerIndex, view }, query),
    'layer.treemap': async ({ reference, layerIndex, view, directory, limit }, signal) =>
      (await open(reference, layerIndex, signal)).treemap({ layerIndex, view }, directory, limit),
    'layer.entry': async ({ reference, layerIndex, path }, signal) => {
      const entry = (await open(reference, layerIndex, signal)).entry(layerIndex, path);
      if (entry !== undefined) return entry;
      throw new AppError({
        code: 'bad-request',
        field: 'path',
        problem: 'is not in this layer or below it',
      });
    },
    'layer.compare': async ({ left, right, ...query }, signal) => {
      const before = await open(left.reference, left.layerIndex, signal);
      const after = await open(right.reference, right.layerIndex, signal);
      const trees = [before.tree(left.layerIndex), after.tree(right.layerIndex)] as const;
      return comparePage(compareTrees(...trees), query);
    },
  };
}
