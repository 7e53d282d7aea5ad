import type { ComparePage, CompareRow } from '../../../shared/ipc/image-views.ts';
import { comparePage, compareTrees } from '../../engine/inspect/compare-trees.ts';
import type { LayerTree } from '../../engine/layer/layer-tree.ts';
import { createLayerTree } from '../../engine/layer/layer-tree.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { splitLayer } from '../inspected/image-source.ts';
import { withImage, type ImageFlags } from '../inspected/with-image.ts';
import { neutralized } from '../text/neutralize.ts';
import { formatBytes } from '../text/units.ts';
import { diffFile } from './diff-file.ts';
import { checkLayer } from './reg.ts';

export interface DiffFlags extends ImageFlags {
  readonly text?: string;
  readonly exitCode?: boolean;
}

/** Images or layers, and one file where only that counts. */
export interface DiffArguments {
  readonly before: string;
  readonly after: string;
  readonly file: string | undefined;
}

/** `layerwright diff`: where the files of two images, or of two layers, differ; with a file, where its text does. */
export async function diff(
  context: CommandContext,
  { before, after, file }: DiffArguments,
  flags: DiffFlags,
): Promise<number> {
  if (file !== undefined) return await diffFile(context, { before, after, file }, flags);
  const { terminal } = context;
  const left = await treeOf(context, before, flags);
  const right = await treeOf(context, after, flags);
  const query = { offset: 0, limit: Infinity, text: flags.text };
  const page = comparePage(compareTrees(left, right), query);
  if (flags.json === true) terminal.json(page);
  else for (const line of lines(page)) terminal.line(line);
  return flags.exitCode === true && page.total > 0 ? exitCodes.failed : exitCodes.ok;
}

/** Indexes stay in memory when their image is closed: only contents are read from it. */
async function treeOf(context: CommandContext, text: string, flags: DiffFlags): Promise<LayerTree> {
  const { image, layer } = splitLayer(text);
  return await withImage(context, image, flags, async found => {
    const { image: opened } = await found.inspect();
    checkLayer(layer, opened.layerCount - 1, text);
    const top = layer ?? opened.layerCount - 1;
    return top < 0 ? createLayerTree([]) : opened.tree(top);
  });
}

const signs = { added: '+', modified: '~', deleted: '-', metadata: 'm', unchanged: ' ' } as const;

function lines({ rows, totals }: ComparePage): string[] {
  const { added, modified, deleted, metadata } = totals;
  return [
    ...rows.map(row => neutralized(`${signs[row.change]} ${row.path}${sizes(row)}`)),
    `${added} added, ${modified} modified, ${deleted} deleted, ${metadata} with other metadata only`,
  ];
}

function sizes({ leftSize, rightSize, change }: CompareRow): string {
  if (change === 'metadata') return '';
  const both = [leftSize, rightSize].flatMap(size =>
    size === undefined ? [] : [formatBytes(size)],
  );
  return both.length === 0 ? '' : `  (${both.join(' -> ')})`;
}
