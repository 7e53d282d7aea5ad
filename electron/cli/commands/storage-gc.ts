import { AppError } from '../../../shared/failure.ts';
import {
  policyKinds,
  type GarbageItem,
  type GarbageList,
  type GarbagePolicy,
  type PolicyKind,
} from '../../../shared/ipc/storage-views.ts';
import { collectStorage, previewCollection } from '../../engine/storage/collect.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseAge, parseCount, parseSize } from '../storage/quantities.ts';
import { reasonWords } from '../storage/words.ts';
import { fittedTable } from '../text/sections.ts';
import type { Column } from '../text/table.ts';
import { counted, formatBytes } from '../text/units.ts';
import { withState, withStore } from './store.ts';

export interface GcFlags {
  readonly dryRun?: boolean;
  readonly olderThan?: string;
  readonly maxSize?: string;
  readonly keepLast?: string;
  readonly tagged?: boolean;
  readonly kind?: readonly string[];
  readonly wait?: string;
  readonly json?: boolean;
}

/** `layerwright store gc`: removes what nothing needs, and what a policy says. */
export async function storageGc(context: CommandContext, flags: GcFlags): Promise<number> {
  const { signal, terminal } = context;
  const wish = { kind: 'policy', policy: policyOf(flags), now: Date.now() } as const;
  const patienceMs = flags.wait === undefined ? 0 : parseAge(flags.wait, '--wait');
  const list = await withStore(context, async store =>
    withState(context, async state =>
      flags.dryRun === true
        ? previewCollection({ store, state }, wish, signal)
        : collectStorage({ store, state }, wish, { patienceMs, signal }),
    ),
  );
  if (flags.json === true) terminal.json({ ...list, dryRun: flags.dryRun === true });
  else tell(context, list, flags.dryRun === true);
  return exitCodes.ok;
}

function tell({ terminal }: CommandContext, list: GarbageList, isDry: boolean): void {
  const { freedBytes, items, overBytes } = list;
  const { width } = terminal;
  for (const line of items.length === 0 ? [] : fittedTable(columns, items, width)) {
    terminal.line(line);
  }
  terminal.note(
    `${isDry ? 'would free' : 'freed'} ${formatBytes(freedBytes)} (${counted(items.length, 'thing')})`,
  );
  if (overBytes !== undefined) {
    terminal.note(
      `the store is still ${formatBytes(overBytes)} larger than --max-size: all else is to be kept`,
    );
  }
}

const columns: readonly Column<GarbageItem>[] = [
  { title: 'FREES', side: 'right', cell: ({ bytes }) => formatBytes(bytes) },
  { title: 'WHY', cell: ({ reason }) => reasonWords[reason] },
  { title: 'KIND', cell: ({ kind }) => kind },
  { title: 'WHAT', cut: 'start', cell: ({ title }) => title },
];

/** By default a policy leaves named images and the history alone. */
const defaultKinds = policyKinds.filter(kind => kind !== 'builds');

function policyOf({ keepLast, kind, maxSize, olderThan, tagged = false }: GcFlags): GarbagePolicy {
  return {
    ...(olderThan === undefined ? {} : { olderThanMs: parseAge(olderThan, '--older-than') }),
    ...(maxSize === undefined ? {} : { maxBytes: parseSize(maxSize, '--max-size') }),
    ...(keepLast === undefined ? {} : { keepLast: parseCount(keepLast, '--keep-last') }),
    keepTagged: !tagged,
    kinds: kind === undefined ? defaultKinds : kind.flatMap(text => text.split(',')).map(kindOf),
  };
}

function kindOf(text: string): PolicyKind {
  const found = policyKinds.find(kind => kind === text);
  if (found !== undefined) return found;
  const problem = `"${text}" is none of ${policyKinds.join(', ')}`;
  throw new AppError({ code: 'bad-request', field: '--kind', problem });
}
