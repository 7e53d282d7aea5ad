import type { StorageItem, StorageKindView } from '../../../shared/ipc/storage-views.ts';
import { surveyStore } from '../../engine/storage/survey.ts';
import { usageOf } from '../../engine/storage/usage.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { kindWords } from '../storage/words.ts';
import { fittedTable } from '../text/sections.ts';
import type { Column } from '../text/table.ts';
import { formatBytes, timeTeller } from '../text/units.ts';
import { withState, withStore } from './store.ts';

export interface UsageFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const shownItems = 15;

/** `layerwright store usage`: who holds what. */
export async function storageUsage(context: CommandContext, flags: UsageFlags): Promise<number> {
  const { signal, terminal } = context;
  const usage = await withStore(context, async store =>
    withState(context, async state =>
      usageOf(await surveyStore({ store, state }, signal), store.dir),
    ),
  );
  if (flags.json === true) {
    terminal.json(usage);
    return exitCodes.ok;
  }
  const { width } = terminal;
  const kinds = usage.kinds.filter(({ bytes, count }) => bytes > 0 || count > 0);
  for (const line of fittedTable(kindColumns, kinds, width)) terminal.line(line);
  const items = flags.verbose === true ? usage.items : usage.items.slice(0, shownItems);
  if (items.length > 0) terminal.line('');
  for (const line of items.length === 0 ? [] : fittedTable(itemColumns(Date.now()), items, width)) {
    terminal.line(line);
  }
  const left = usage.items.length - items.length;
  if (left > 0) terminal.note(`and ${left.toLocaleString('en')} more; --verbose lists all`);
  terminal.note(
    `${formatBytes(usage.totalBytes)} in ${usage.storeDir}, ${formatBytes(usage.reclaimableBytes)} of it needed by nothing (layerwright store gc); ${formatBytes(usage.freeBytes)} free on the disk`,
  );
  for (const { digest, problem } of usage.damaged) {
    terminal.note(`warning: ${digest} cannot be read: ${problem} (layerwright store repair)`);
  }
  return exitCodes.ok;
}

const kindColumns: readonly Column<StorageKindView>[] = [
  { title: 'WHAT', cell: ({ kind }) => kindWords[kind] },
  { title: 'COUNT', side: 'right', cell: ({ count }) => count.toLocaleString('en') },
  { title: 'SIZE', side: 'right', cell: ({ bytes }) => formatBytes(bytes) },
  { title: 'RECLAIMABLE', side: 'right', cell: row => formatBytes(row.reclaimableBytes) },
];

function itemColumns(now: number): readonly Column<StorageItem>[] {
  const tellTime = timeTeller(now);
  return [
    { title: 'SIZE', side: 'right', cell: ({ bytes }) => formatBytes(bytes) },
    { title: 'UNIQUE', side: 'right', cell: ({ uniqueBytes }) => formatBytes(uniqueBytes) },
    {
      title: 'LAST USED',
      cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? '-' : tellTime(lastUsedAt)),
    },
    { title: 'KIND', cell: ({ kind }) => kind },
    {
      title: 'WHAT',
      cut: 'start',
      cell: ({ title, unused }) => (unused ? `${title} (unused)` : title),
    },
  ];
}
