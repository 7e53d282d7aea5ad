import type { Prompt } from './prompt.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Relative paths on the command line start here. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly storeDir: string;
  /** All of standard input, as text. */
  readonly readInput: () => Promise<string>;
  /** Questions to the person at the terminal; absent where there is none. */
  readonly prompt?: Prompt;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
}

/** Does what a command says and gives the exit code. Foreseen failures are thrown as AppError. */
export type RunCommand = (context: CommandContext) => Promise<number>;
