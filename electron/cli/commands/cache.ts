import { AppError } from '../../../shared/failure.ts';
import { openStepRecords } from '../../engine/build/cache/open-records.ts';
import { shownText } from '../../engine/build/cache/kept-inputs.ts';
import type { StepRecord, StepRecords } from '../../engine/build/cache/step-records.ts';
import { collectStorage } from '../../engine/storage/collect.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseAge } from '../storage/quantities.ts';
import { fittedTable } from '../text/sections.ts';
import type { Column } from '../text/table.ts';
import { counted, formatBytes, timeTeller } from '../text/units.ts';
import { withState, withStore } from './store.ts';

export interface CacheListFlags {
  readonly json?: boolean;
}

export interface CacheRemoveFlags {
  readonly wait?: string;
  readonly json?: boolean;
}

export interface CachePruneFlags extends CacheRemoveFlags {
  readonly olderThan?: string;
  readonly all?: boolean;
}

const shownKey = 12;

/** `layerwright cache ls`: what steps made, the latest used first. */
export async function cacheList(
  context: CommandContext,
  { json }: CacheListFlags,
): Promise<number> {
  const { terminal } = context;
  const records = await recordsOf(context);
  if (json === true) {
    terminal.json(records.map(asJson));
    return exitCodes.ok;
  }
  const columns = columnsAt(Date.now());
  const lines = fittedTable(columns, records, terminal.width);
  for (const line of records.length === 0 ? [] : lines) terminal.line(line);
  terminal.note(counted(records.length, 'step'));
  return exitCodes.ok;
}

/** `layerwright cache show`: what a step was made of. */
export async function cacheShow(
  context: CommandContext,
  key: string,
  { json }: CacheListFlags,
): Promise<number> {
  const { terminal } = context;
  const record = recordNamed(await recordsOf(context), key);
  if (json === true) terminal.json(asJson(record));
  else for (const line of detailLines(record)) terminal.line(line);
  return exitCodes.ok;
}

/** `layerwright cache rm`: forgets steps, and removes their layers where nothing else needs them. */
export async function cacheRemove(
  context: CommandContext,
  keys: readonly string[],
  flags: CacheRemoveFlags,
): Promise<number> {
  const records = await recordsOf(context);
  return await remove(
    context,
    keys.map(key => recordNamed(records, key)),
    flags,
  );
}

/** `layerwright cache prune`: forgets what was not used for long, or everything. */
export async function cachePrune(context: CommandContext, flags: CachePruneFlags): Promise<number> {
  const { all = false, olderThan } = flags;
  if (all === (olderThan !== undefined)) {
    const problem = 'say what is to go: --older-than <age>, or --all';
    throw new AppError({ code: 'bad-request', field: 'cache prune', problem });
  }
  const oldest =
    olderThan === undefined ? Infinity : Date.now() - parseAge(olderThan, '--older-than');
  const records = await recordsOf(context);
  const old = records.filter(({ usedAt }) => usedAt < oldest);
  return await remove(context, old, flags);
}

async function remove(
  context: CommandContext,
  records: readonly StepRecord[],
  { json, wait }: CacheRemoveFlags,
): Promise<number> {
  const { signal, terminal } = context;
  const patienceMs = wait === undefined ? 0 : parseAge(wait, '--wait');
  const keys = new Set(records.map(({ stepKey }) => `build-cache:${stepKey}`));
  const { freedBytes } = await withStore(context, async store =>
    withState(context, async state =>
      collectStorage({ store, state }, { kind: 'these', keys }, { patienceMs, signal }),
    ),
  );
  const removed = records.map(({ stepKey }) => stepKey);
  if (json === true) terminal.json({ removed, freedBytes });
  else
    terminal.note(`removed ${counted(removed.length, 'step')}, freed ${formatBytes(freedBytes)}`);
  return exitCodes.ok;
}

async function recordsOf(context: CommandContext): Promise<readonly StepRecord[]> {
  return await withStore(context, async store => {
    const { problem, records } = openStepRecords(store.dir);
    if (problem !== undefined) context.terminal.note(problem);
    return records === undefined ? [] : listed(records);
  });
}

function listed(records: StepRecords): readonly StepRecord[] {
  try {
    return records.list();
  } finally {
    records.close();
  }
}

function recordNamed(records: readonly StepRecord[], key: string): StepRecord {
  const found = records.filter(({ stepKey }) => stepKey.startsWith(key.toLowerCase()));
  const [record] = found;
  if (record !== undefined && found.length === 1) return record;
  const problem =
    found.length === 0 ? `no step has the key ${key}` : `${found.length} steps begin with ${key}`;
  throw new AppError({ code: 'bad-request', field: 'key', problem });
}

function columnsAt(now: number): readonly Column<StepRecord>[] {
  const tellTime = timeTeller(now);
  return [
    { title: 'KEY', cell: ({ stepKey }) => stepKey.slice(0, shownKey) },
    { title: 'SIZE', side: 'right', cell: ({ outcome }) => sizeText(outcome) },
    { title: 'USED', cell: ({ usedAt }) => tellTime(usedAt) },
    { title: 'TIMES', side: 'right', cell: ({ uses }) => `${uses}` },
    { title: 'STEP', cell: ({ text, from }) => (from === undefined ? text : `${text}  (${from})`) },
  ];
}

function sizeText({ layer }: StepRecord['outcome']): string {
  return layer === undefined ? '-' : formatBytes(layer.descriptor.size);
}

function detailLines(record: StepRecord): readonly string[] {
  const { base, instruction, options, parent, sources, variables } = record.inputs;
  const texts = { ...instruction, ...options };
  const layer = record.outcome.layer?.descriptor.digest;
  const origin = record.buildId === undefined ? record.from : `build ${record.buildId}`;
  return [
    record.text,
    `key       ${record.stepKey}`,
    `made      ${new Date(record.builtAt).toISOString()}, ${origin ?? 'elsewhere'}`,
    `used      ${new Date(record.usedAt).toISOString()}, ${counted(record.uses, 'time')}`,
    `layer     ${layer === undefined ? 'none: it changed no file' : `${layer}, ${sizeText(record.outcome)}`}`,
    `base      ${base.reference}${base.digest === undefined ? '' : ` (${base.digest})`}`,
    `below     ${parent ?? 'nothing'}`,
    ...Object.entries(texts).map(([name, text]) => `${name}: ${shownText(text) ?? '(not shown)'}`),
    ...Object.entries(variables).map(
      ([name, text]) => `variable ${name}: ${shownText(text) ?? '(not shown)'}`,
    ),
    ...sources.map(({ content, label }) => `reads ${label}, content ${content}`),
  ];
}

function asJson(record: StepRecord): object {
  const { builtAt, usedAt, stepKey, ...rest } = record;
  return {
    key: stepKey,
    builtAt: new Date(builtAt).toISOString(),
    usedAt: new Date(usedAt).toISOString(),
    ...rest,
  };
}
