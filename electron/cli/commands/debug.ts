import type { DebugSession } from '../../engine/build/backends/hcs/debug/session.ts';
import {
  createKeptSteps,
  type KeptSteps,
} from '../../engine/build/backends/hcs/debug/kept-steps.ts';
import { hcsOfThisMachine } from '../../engine/build/backends/hcs/this-machine.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import { AppError } from '../../../shared/failure.ts';
import { formatBytes } from '../../../shared/format-bytes.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withStore } from './store.ts';

export interface DebugFlags {
  readonly run?: readonly string[];
  readonly files?: string;
  readonly drop?: boolean;
  readonly json?: boolean;
}

/** `layerwright debug`: a shell in what a failed RUN left. The exit code is that of the last line. */
export async function debug(
  context: CommandContext,
  build: string | undefined,
  flags: DebugFlags,
): Promise<number> {
  return await withStore(context, async store => {
    const kept = createKeptSteps(store, async () => await hcsOfThisMachine(store, thisHost()));
    if (build === undefined) return await listKept(context, kept, flags);
    const buildId = await buildIdOf(kept, build);
    if (flags.drop === true) {
      await kept.drop(buildId, context.signal);
      context.terminal.note(`dropped what was kept of ${buildId}`);
      return exitCodes.ok;
    }
    await using session = await kept.open(buildId, context.signal);
    return await use(context, session, flags);
  });
}

async function listKept(
  { terminal }: CommandContext,
  kept: KeptSteps,
  { json = false }: DebugFlags,
): Promise<number> {
  const steps = await kept.list();
  if (json) terminal.json(steps);
  else if (steps.length === 0)
    terminal.note('no failed step was kept; "layerwright build --keep-failed" keeps one');
  else
    for (const { buildId, stepId, text, keptAt } of steps)
      terminal.line(`${buildId}  step ${stepId}  ${new Date(keptAt).toISOString()}  ${text}`);
  return exitCodes.ok;
}

async function buildIdOf(kept: KeptSteps, text: string): Promise<string> {
  const found = (await kept.list()).filter(({ buildId }) => buildId.startsWith(text));
  const ids = [...new Set(found.map(({ buildId }) => buildId))];
  if (ids.length > 1) {
    const problem = `"${text}" is the start of ${ids.length} builds: ${ids.join(', ')}`;
    throw new AppError({ code: 'bad-request', field: 'build', problem });
  }
  return ids[0] ?? text;
}

async function use(
  context: CommandContext,
  session: DebugSession,
  { run, files }: DebugFlags,
): Promise<number> {
  if (files !== undefined) return await listFiles(context, session, files);
  if (run !== undefined) {
    let exitCode: number = exitCodes.ok;
    for (const line of run) exitCode = await runLine(context, session, line);
    return shown(exitCode);
  }
  return await shell(context, session);
}

async function listFiles(
  { terminal }: CommandContext,
  session: DebugSession,
  folder: string,
): Promise<number> {
  const entries = await session.list(folder);
  if (!entries) {
    const problem = `${folder} is no folder that can be listed; try --run "dir ${folder}"`;
    throw new AppError({ code: 'bad-request', field: '--files', problem });
  }
  for (const { kind, name, size } of entries)
    terminal.line(`${(kind === 'file' ? formatBytes(size) : kind).padStart(8)}  ${name}`);
  return exitCodes.ok;
}

async function shell(context: CommandContext, session: DebugSession): Promise<number> {
  const { prompt, signal, terminal } = context;
  const { step } = session;
  terminal.note(`in the files that this left: ${step.text}`);
  if (!prompt) {
    let exitCode: number = exitCodes.ok;
    const lines = (await context.readInput()).split(/\r?\n/u).filter(line => line.trim() !== '');
    for (const line of lines) exitCode = await runLine(context, session, line);
    return shown(exitCode);
  }
  terminal.note('exit ends the shell; what was kept stays until layerwright debug --drop');
  let exitCode: number = exitCodes.ok;
  while (!signal.aborted) {
    const line = await prompt.line(`${session.workingDir}> `, signal);
    if (/^\s*exit\b/iu.test(line)) break;
    if (line.trim() !== '') exitCode = await runLine(context, session, line);
  }
  return shown(exitCode);
}

async function runLine(
  { signal, terminal }: CommandContext,
  session: DebugSession,
  line: string,
): Promise<number> {
  const exitCode = await session.run(
    line,
    (stream, lines) => {
      for (const text of lines) {
        if (stream === 'stdout') terminal.line(text);
        else terminal.note(text);
      }
    },
    signal,
  );
  if (exitCode !== 0) terminal.note(`exit code ${exitCode}`);
  return exitCode;
}

/** Exit codes of Windows have 32 bits; those of other systems have 8. */
function shown(exitCode: number): number {
  return exitCode === 0 ? exitCodes.ok : exitCodes.failed;
}
