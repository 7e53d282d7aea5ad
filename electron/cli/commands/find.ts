import type { FileRow } from '../../../shared/ipc/image-views.ts';
import type { FoundEntry, FoundPage } from '../../../shared/ipc/layer-views.ts';
import type { FindQuery } from '../../engine/inspect/find-entries.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withImage, type ImageFlags } from '../inspected/with-image.ts';
import { refusedOption } from '../option-fields.ts';
import { parseSize } from '../storage/quantities.ts';
import { table, type Column } from '../text/table.ts';
import { neutralized } from '../text/neutralize.ts';
import { formatBytes } from '../text/units.ts';
import { chainOf } from './files.ts';

export interface FindFlags extends ImageFlags {
  readonly text?: string;
  readonly minSize?: string;
  readonly maxSize?: string;
  readonly since?: string;
  readonly until?: string;
  readonly hash?: string;
  readonly kind?: FileRow['kind'];
  readonly state: FindQuery['state'];
  /** Decimal. */
  readonly limit: string;
}

/** `layerwright find`: entries of all layers at once, also those that upper layers hide. */
export async function find(
  context: CommandContext,
  image: string,
  glob: string | undefined,
  flags: FindFlags,
): Promise<number> {
  const { terminal } = context;
  const query = queryOf(glob, flags);
  const page = await withImage(context, image, flags, async found =>
    chainOf(await found.inspect()).find(query),
  );
  if (flags.json === true) terminal.json(page);
  else for (const line of lines(page)) terminal.line(line);
  return exitCodes.ok;
}

/** Throws `bad-request` for what makes no sense. */
function queryOf(glob: string | undefined, flags: FindFlags): FindQuery {
  const { text, minSize, maxSize, since, until, hash, kind, state, limit } = flags;
  if (hash !== undefined && !/^(?:sha256:)?[0-9a-f]{8,64}$/i.test(hash))
    throw refusedOption('--hash', 'it must be at least the first 8 hex digits of a sha256');
  if (!/^[1-9]\d{0,6}$/.test(limit)) throw refusedOption('--limit', 'it must be a number from 1');
  return {
    text,
    glob,
    minSize: minSize === undefined ? undefined : parseSize(minSize, '--min-size'),
    maxSize: maxSize === undefined ? undefined : parseSize(maxSize, '--max-size'),
    modifiedFrom: since === undefined ? undefined : timeOf(since, '--since'),
    modifiedTo: until === undefined ? undefined : timeOf(until, '--until'),
    contentHash: hash,
    kinds: kind && [kind],
    state,
    offset: 0,
    limit: Number(limit),
  };
}

/** `2024-01-31`, or with a time as ISO 8601 has it, in milliseconds since 1970; without a zone it is UTC. */
function timeOf(text: string, field: string): number {
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(
    text,
  );
  const hasZone = !text.includes('T') || /(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = isTime ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(time))
    throw refusedOption(field, 'it must be a date such as 2024-01-31 or 2024-01-31T12:00:00Z');
  return time;
}

function lines({ rows, total }: FoundPage): string[] {
  const rest =
    rows.length < total ? `; the first ${rows.length.toLocaleString('en')} are shown` : '';
  return [
    ...(rows.length === 0 ? [] : table(columns, rows)),
    `${total.toLocaleString('en')} found${rest}`,
  ];
}

const columns: readonly Column<FoundEntry>[] = [
  { title: 'LAYER', side: 'right', cell: row => String(row.layerIndex) },
  { title: 'KIND', cell: row => row.kind },
  { title: 'SIZE', side: 'right', cell: row => formatBytes(row.size) },
  { title: 'MODIFIED', cell: row => row.modified?.slice(0, 19) ?? '' },
  { title: 'SHA256', cell: row => row.contentHash?.slice(0, 12) ?? '' },
  { title: 'STATE', cell: row => row.state },
  {
    title: 'PATH',
    cell: ({ path, target }) => neutralized(target === undefined ? path : `${path} -> ${target}`),
  },
];
