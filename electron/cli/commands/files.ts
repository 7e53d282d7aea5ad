import type { FileRow } from '../../../shared/ipc/image-views.ts';
import { pathKey } from '../../../shared/windows/windows-path.ts';
import { inspectChain, type ChainInspector } from '../../engine/inspect/chain-inspector.ts';
import { parseGlob } from '../../engine/inspect/glob.ts';
import type { Inspection } from '../../engine/inspect/inspection.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withImage, type ImageFlags } from '../inspected/with-image.ts';
import { table, type Column } from '../text/table.ts';
import { formatBytes } from '../text/units.ts';
import { neutralized } from '../text/neutralize.ts';
import { checkLayer } from './reg.ts';

export interface FilesFlags extends ImageFlags {
  readonly layer?: number;
  readonly changed?: boolean;
  readonly long?: boolean;
}

const pageSize = 5000;

/** `layerwright files`: what is in an image, after a layer, or what a layer changed. */
export async function files(
  context: CommandContext,
  image: string,
  glob: string | undefined,
  flags: FilesFlags,
): Promise<number> {
  const { terminal } = context;
  return await withImage(context, image, flags, async found => {
    const inspection = await found.inspect();
    const chain = chainOf(inspection);
    const last = inspection.image.layerCount - 1;
    checkLayer(flags.layer, last);
    const layerIndex = flags.layer ?? last;
    const rows = layerIndex < 0 ? [] : rowsOf(chain, layerIndex, glob, flags.changed === true);
    if (flags.json === true) {
      const detail = flags.long === true ? details(chain, layerIndex, rows) : rows;
      terminal.json(detail);
    } else if (flags.long === true) {
      // A path that is cut is worth nothing, so lines are as long as they are.
      for (const line of table(longColumns(chain, layerIndex), rows)) terminal.line(line);
    } else for (const row of rows) terminal.line(shortLine(row, flags.changed === true));
    if (rows.length === 0 && glob !== undefined)
      terminal.note(`nothing is like ${neutralized(glob)}`);
    return exitCodes.ok;
  });
}

/** The layers of an open image as the window looks at them. */
export function chainOf({ image }: Inspection): ChainInspector {
  const { layerCount } = image;
  return inspectChain(layerCount === 0 ? [] : image.tree(layerCount - 1).layersBaseFirst);
}

function rowsOf(
  chain: ChainInspector,
  layerIndex: number,
  glob: string | undefined,
  changedOnly: boolean,
): FileRow[] {
  const parsed = glob === undefined ? undefined : parseGlob(glob);
  const matches = (row: FileRow) =>
    parsed?.matches(pathKey(parsed.againstName ? row.name : row.path)) ?? true;
  const view = changedOnly ? 'layer' : 'cumulative';
  const changes = changedOnly
    ? (['added', 'modified', 'deleted', 'metadata'] as const)
    : (['added', 'modified', 'metadata', 'unchanged'] as const);
  const rows: FileRow[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const query = { text: '', changes, offset, limit: pageSize };
    const page = chain.search({ layerIndex, view }, query);
    rows.push(...page.rows.filter(matches));
    if (offset + pageSize >= page.total) return rows;
  }
}

function shortLine({ path, kind, change, target }: FileRow, changedOnly: boolean): string {
  const sign = changedOnly ? `${signs[change]} ` : '';
  const folder = kind === 'directory' ? '/' : '';
  return neutralized(`${sign}${path}${folder}${target === undefined ? '' : ` -> ${target}`}`);
}

const signs: Readonly<Record<FileRow['change'], string>> = {
  added: '+',
  modified: '~',
  deleted: '-',
  metadata: 'm',
  unchanged: ' ',
};

function longColumns(chain: ChainInspector, layerIndex: number): readonly Column<FileRow>[] {
  return [
    { title: '', cell: row => signs[row.change] },
    { title: 'KIND', cell: row => row.kind },
    { title: 'SIZE', side: 'right', cell: row => formatBytes(row.size) },
    { title: 'LAYER', side: 'right', cell: row => String(row.layerIndex) },
    {
      title: 'MODIFIED',
      cell: row => chain.entry(layerIndex, row.path)?.modified.slice(0, 19) ?? '',
    },
    {
      title: 'ATTRIBUTES',
      cell: row => chain.entry(layerIndex, row.path)?.attributes.join(' ') ?? '',
    },
    { title: 'PATH', cell: row => shortLine(row, false) },
  ];
}

/** Everything that is known of each entry. */
function details(chain: ChainInspector, layerIndex: number, rows: readonly FileRow[]) {
  return rows.map(row => chain.entry(layerIndex, row.path) ?? { row });
}
