import type { SimpleCommand } from './commands.ts';
import type { LintFile, LintStage, LintStep } from './lint-file.ts';
import type { Hit } from './rule.ts';

/** A command with where it stands. */
export interface CommandAt {
  readonly stage: LintStage;
  readonly step: LintStep;
  readonly command: SimpleCommand;
}

export function* stepsOfFile(file: LintFile): Generator<{ stage: LintStage; step: LintStep }> {
  for (const stage of file.stages) for (const step of stage.steps) yield { stage, step };
}

/** The stages of Windows; those of Linux are another rule's business. */
export function windowsStages({ stages }: LintFile): LintStage[] {
  return stages.filter(({ kind }) => kind !== 'linux');
}

/** All commands of Windows stages. */
export function* commandsOfFile(file: LintFile): Generator<CommandAt> {
  for (const stage of windowsStages(file))
    for (const step of stage.steps)
      for (const command of step.commands) yield { stage, step, command };
}

/** The commands of RUN only: those that change the image. */
export function* runCommands(file: LintFile): Generator<CommandAt> {
  for (const found of commandsOfFile(file))
    if (found.step.instruction.keyword === 'RUN') yield found;
}

/** A check that reports every command that `matches`. */
export function forCommands(
  commands: (file: LintFile) => Iterable<CommandAt>,
  matches: (found: CommandAt) => boolean,
): (file: LintFile) => Generator<Hit> {
  return function* check(file) {
    for (const found of commands(file)) if (matches(found)) yield { range: found.command.range };
  };
}

/** Whether one of the arguments is one of the switches, in any case, with `/` or `-` in front. */
export function hasSwitch({ args }: SimpleCommand, ...names: readonly string[]): boolean {
  return args.some(arg => {
    const bare = /^[-/]{1,2}(.*)$/.exec(arg)?.[1]?.toLowerCase();
    return bare !== undefined && names.some(name => bare === name || bare.startsWith(`${name}=`));
  });
}

/** Several lines as a Dockerfile. */
export function dockerfile(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
