import { homedir } from 'node:os';
import path from 'node:path';
import { CommanderError } from 'commander';
import { failureOf } from '../../shared/failure.ts';
import { storeLocation } from '../engine/content/store-location.ts';
import type { CommandContext, RunCommand } from './command.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { allCommands, createProgram } from './program.ts';
import type { Prompt } from './prompt.ts';
import { reportFailure } from './report-failure.ts';
import type { Terminal } from './terminal.ts';

/** The outside of a command line. */
export interface Invocation {
  /** What stands behind the name of the program. */
  readonly args: readonly string[];
  readonly version: string;
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readInput: () => Promise<string>;
  readonly prompt?: Prompt;
  readonly signal: AbortSignal;
}

/** Reads the command line, does what it says, and gives the exit code. Tells every failure; throws none. */
export async function runCommandLine(invocation: Invocation): Promise<number> {
  const { args, terminal, version } = invocation;
  let command: RunCommand | undefined;
  const program = createProgram(version, asked => {
    command = asked;
  });
  program.exitOverride().configureOutput({
    writeOut: text => terminal.line(text.trimEnd()),
    writeErr: text => terminal.note(text.trimEnd()),
  });
  for (const each of allCommands(program)) each.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    if (command === undefined) return exitCodes.ok;
    return await command(contextOf(invocation, program.opts<{ store?: string }>().store));
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const failure = failureOf(error);
    await reportFailure(terminal, failure);
    return exitCodeOf(failure);
  }
}

function contextOf(invocation: Invocation, store: string | undefined): CommandContext {
  const { args: _args, version: _version, ...rest } = invocation;
  const chosen = store ?? storeLocation(rest.environment, process.platform, homedir());
  return { ...rest, storeDir: path.resolve(rest.cwd, chosen) };
}
