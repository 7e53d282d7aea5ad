import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { HistoryFilter } from '../../../shared/ipc/history-views.ts';
import { buildStatuses, type BuildStatus } from '../../../shared/ipc/build-views.ts';
import { createBuildArchive, type BuildArchive } from '../../engine/state/build-archive.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { buildColumns, comparisonLines, detailLines } from '../history/text.ts';
import { parseAge, parseCount } from '../storage/quantities.ts';
import { fittedTable } from '../text/sections.ts';
import { counted } from '../text/units.ts';
import { runJob, type JobFlags } from './build.ts';
import { withState } from './store.ts';

export interface FilterFlags {
  readonly search?: string;
  readonly status?: readonly string[];
  readonly project?: string;
}

export interface ListFlags extends FilterFlags {
  readonly since?: string;
  readonly limit: string;
  readonly json?: boolean;
}

/** `layerwright history ls`: past and running builds, newest first. */
export async function listHistory(context: CommandContext, flags: ListFlags): Promise<number> {
  const { terminal } = context;
  const filter = filterOf(context, flags);
  const since =
    flags.since === undefined ? {} : { from: Date.now() - parseAge(flags.since, '--since') };
  const limit = parseCount(flags.limit, '--limit');
  return await withArchive(context, async archive => {
    const { builds, total } = archive.list({ ...filter, ...since, offset: 0, limit });
    if (flags.json === true) terminal.json({ builds, total });
    else if (builds.length > 0) {
      for (const line of fittedTable(buildColumns(Date.now()), builds, terminal.width))
        terminal.line(line);
    }
    if (total > builds.length)
      terminal.note(`${counted(total - builds.length, 'more build')}; --limit shows more`);
    if (total === 0) terminal.note('no build on record is like that');
    return exitCodes.ok;
  });
}

/** `layerwright history show`: all that is known of a build. */
export async function showHistory(
  context: CommandContext,
  build: string,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const { terminal } = context;
  return await withArchive(context, async archive => {
    const buildId = archive.find(build);
    const detail = archive.get(buildId);
    const steps = await archive.steps(buildId);
    if (json) terminal.json({ ...detail, steps });
    else for (const line of detailLines(detail, steps, terminal.width)) terminal.line(line);
    return exitCodes.ok;
  });
}

export interface LogsFlags {
  readonly step?: string;
  readonly search?: string;
  readonly tail?: string;
  readonly json?: boolean;
}

const pageSize = 2000;

/** `layerwright history logs`: what the steps of a build said, all of it or a part. */
export async function showLogs(
  context: CommandContext,
  build: string,
  flags: LogsFlags,
): Promise<number> {
  const { signal, terminal } = context;
  return await withArchive(context, async archive => {
    const buildId = archive.find(build);
    const ofStep = flags.step === undefined ? {} : { stepId: flags.step };
    const tail = flags.tail === undefined ? undefined : parseCount(flags.tail, '--tail');
    const { total } = await archive.logs.page(buildId, { ...ofStep, fromLine: 0, count: 1 });
    const isWanted = matcherOf(flags.search);
    let fromLine = tail === undefined ? 0 : Math.max(0, total - tail);
    while (fromLine < total) {
      signal.throwIfAborted();
      const { lines } = await archive.logs.page(buildId, { ...ofStep, fromLine, count: pageSize });
      if (lines.length === 0) break;
      for (const line of lines.filter(({ text }) => isWanted(text))) {
        if (flags.json === true) terminal.json(line);
        else terminal.line(line.text);
      }
      fromLine += lines.length;
    }
    return exitCodes.ok;
  });
}

/** `layerwright history compare`: what changed from one build to the other, and what took longer. */
export async function compareHistory(
  context: CommandContext,
  build: string,
  other: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const { terminal } = context;
  return await withArchive(context, async archive => {
    const otherId = other === undefined ? undefined : archive.find(other);
    const comparison = await archive.compare(archive.find(build), otherId);
    if (json) terminal.json(comparison);
    else for (const line of comparisonLines(comparison, terminal.width)) terminal.line(line);
    return exitCodes.ok;
  });
}

/** `layerwright history rerun`: builds once more what was asked for then. */
export async function rerunHistory(
  context: CommandContext,
  build: string,
  flags: JobFlags & { readonly cache: boolean },
): Promise<number> {
  const request = await withArchive(
    context,
    async archive => archive.get(archive.find(build)).request,
  );
  if (request.dockerfile === '-')
    throw new AppError({ code: 'build-not-repeatable', buildId: build });
  const job = {
    request: { ...request, ...(flags.cache ? {} : { noCache: true }) },
    outputs: [],
    flags,
  };
  return await runJob(context, job);
}

export interface RemoveHistoryFlags extends FilterFlags {
  readonly olderThan?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `layerwright history rm`: forgets builds with their logs. */
export async function removeHistory(
  context: CommandContext,
  builds: readonly string[],
  flags: RemoveHistoryFlags,
): Promise<number> {
  const { signal, terminal } = context;
  const filter = filterOf(context, flags);
  const to =
    flags.olderThan === undefined
      ? {}
      : { to: Date.now() - parseAge(flags.olderThan, '--older-than') };
  const isFiltered = Object.keys({ ...filter, ...to }).length > 0;
  checkRemoval(builds, isFiltered, flags.all === true);
  return await withArchive(context, async archive => {
    const removed: string[] = [];
    for (const buildId of builds.map(text => archive.find(text))) {
      await archive.delete(buildId);
      removed.push(buildId);
    }
    if (builds.length === 0)
      removed.push(...(await archive.deleteAll({ ...filter, ...to }, signal)));
    if (flags.json === true) terminal.json({ removed });
    else for (const buildId of removed) terminal.line(`removed ${buildId}`);
    terminal.note(`removed ${counted(removed.length, 'build')}`);
    return exitCodes.ok;
  });
}

function checkRemoval(builds: readonly string[], isFiltered: boolean, all: boolean): void {
  const problem =
    builds.length > 0 && (isFiltered || all)
      ? 'name builds or say which ones to remove, not both'
      : builds.length === 0 && !isFiltered && !all
        ? 'name the builds, or say --older-than, --status, --project, --search or --all'
        : undefined;
  if (problem !== undefined)
    throw new AppError({ code: 'bad-request', field: 'history rm', problem });
}

function filterOf(
  { cwd }: CommandContext,
  { project, search, status }: FilterFlags,
): HistoryFilter {
  return {
    ...(search === undefined ? {} : { search }),
    ...(status === undefined ? {} : { status: status.map(statusOf) }),
    ...(project === undefined ? {} : { contextDir: path.resolve(cwd, project) }),
  };
}

function statusOf(text: string): BuildStatus {
  const found = buildStatuses.find(status => status === text);
  if (found !== undefined) return found;
  const problem = `"${text}" is none of ${buildStatuses.join(', ')}`;
  throw new AppError({ code: 'bad-request', field: '--status', problem });
}

function matcherOf(search: string | undefined): (text: string) => boolean {
  const needle = search?.toLowerCase();
  return text => needle === undefined || text.toLowerCase().includes(needle);
}

async function withArchive<T>(
  context: CommandContext,
  work: (archive: BuildArchive) => Promise<T>,
): Promise<T> {
  return await withState(context, async state => await work(createBuildArchive(state)));
}
