import { AppError } from '../../../shared/failure.ts';
import { comparePage, compareTrees } from '../../engine/inspect/compare-trees.ts';
import { extractFile, previewFile } from '../../engine/inspect/preview/file-content.ts';
import type { HandlersFor } from '../answer.ts';
import type { EventSink } from '../event-hub.ts';
import type { Grants } from '../grants.ts';
import { checkLayer, type Chains, type OpenChain } from '../images/chains.ts';

type LayerChannel =
  | 'layer.totals'
  | 'layer.children'
  | 'layer.search'
  | 'layer.treemap'
  | 'layer.entry'
  | 'layer.compare'
  | 'layer.find'
  | 'layer.history'
  | ContentChannel;
type ContentChannel = 'layer.preview' | 'layer.extract';

interface LayerParts {
  readonly chains: Chains;
  readonly grants: Grants;
  readonly events: EventSink;
}

type Open = (reference: string, layerIndex: number, signal: AbortSignal) => Promise<OpenChain>;

/** What is in the layers of an image. */
export function layerHandlers(parts: LayerParts): HandlersFor<LayerChannel> {
  const { chains } = parts;
  const openChain: Open = async (reference, layerIndex, signal) => {
    const chain = await chains.open(reference, signal);
    checkLayer(chain, layerIndex);
    return chain;
  };
  const open = async (...where: Parameters<Open>) => (await openChain(...where)).inspector;

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
    'layer.find': async ({ reference, ...query }, signal) =>
      (await chains.open(reference, signal)).inspector.find(query),
    'layer.history': async ({ reference, path }, signal) => {
      const history = (await chains.open(reference, signal)).inspector.history(path);
      if (history.changes.length > 0) return history;
      throw new AppError({ code: 'bad-request', field: 'path', problem: 'is in no layer.' });
    },
    ...contentHandlers(parts, openChain),
  };
}

function contentHandlers({ grants, events }: LayerParts, open: Open): HandlersFor<ContentChannel> {
  return {
    'layer.preview': async ({ reference, layerIndex, path, offset, length }, signal) => {
      const chain = await open(reference, layerIndex, signal);
      return await previewFile(chain, { layerIndex, path }, { offset, length }, signal);
    },
    'layer.extract': async ({ reference, layerIndex, path, file }, signal) => {
      const place = await grants.check(file);
      const chain = await open(reference, layerIndex, signal);
      const tell = (current: number, done: boolean, total?: number): void =>
        events.emit('task.progress', {
          task: `extract ${file}`,
          label: `Extracting ${path.slice(path.lastIndexOf('/') + 1)}`,
          current,
          ...(total === undefined ? {} : { total }),
          unit: 'bytes',
          done,
        });
      try {
        const onProgress = (current: number, total: number) => tell(current, false, total);
        const extracted = await extractFile(chain, { layerIndex, path }, place, {
          onProgress,
          signal,
        });
        return { ...extracted, file };
      } finally {
        tell(0, true);
      }
    },
  };
}
