import type { Dockerfile, FromInstruction, Instruction } from '../ast.ts';
import { sourceOf, type Source } from '../source.ts';
import { baseKindOf, type BaseKind } from './base-kind.ts';
import {
  commandsOf,
  programName,
  scriptsOf,
  shellKind,
  type ShellKind,
  type SimpleCommand,
} from './commands.ts';

/** An instruction with what holds where it stands. */
export interface LintStep {
  readonly instruction: Instruction;
  /** The program of SHELL, in lower case without `.exe`; else cmd. */
  readonly shellProgram: string;
  /** Of USER, as written; absent where the base's user is in force. */
  readonly user?: string;
  /** Of RUN, CMD, ENTRYPOINT and HEALTHCHECK: the commands in it. */
  readonly commands: readonly SimpleCommand[];
}

export interface LintStage {
  readonly index: number;
  readonly from: FromInstruction;
  /** What FROM's argument comes to; for a stage that goes on from another one, that one's base. */
  readonly base: string;
  readonly kind: BaseKind;
  /** True where FROM names a stage of this file. */
  readonly continues: boolean;
  readonly steps: readonly LintStep[];
}

/** A Dockerfile as the rules look at it. */
export interface LintFile {
  readonly source: Source;
  readonly dockerfile: Dockerfile;
  readonly stages: readonly LintStage[];
  /** An ISO 8601 day: what is out of support is judged by it. */
  readonly today: string;
}

export interface LintInput {
  readonly text: string;
  readonly dockerfile: Dockerfile;
  /** What FROM of a stage comes to, by its number; where it is not known, FROM's own words count. */
  readonly bases: ReadonlyMap<number, string>;
  readonly today: string;
}

/** Takes a Dockerfile apart for the rules. */
export function lintFileOf({ text, dockerfile, bases, today }: LintInput): LintFile {
  const stages: LintStage[] = [];
  let open: { from: FromInstruction; instructions: Instruction[] } | undefined;
  const close = (): void => {
    if (open) stages.push(stageOf(open.from, open.instructions, { earlier: stages, bases }));
  };
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword === 'FROM') {
      close();
      open = { from: instruction, instructions: [] };
    } else open?.instructions.push(instruction);
  }
  close();
  return { source: sourceOf(text), dockerfile, stages, today };
}

interface Known {
  readonly earlier: readonly LintStage[];
  readonly bases: ReadonlyMap<number, string>;
}

function stageOf(
  from: FromInstruction,
  instructions: readonly Instruction[],
  { earlier, bases }: Known,
): LintStage {
  const index = earlier.length;
  const written = bases.get(index) ?? from.image.text;
  const parent = earlier.find(
    ({ from: other, index: number }) =>
      other.stageName?.text === written.toLowerCase() || String(number) === written,
  );
  const base = parent?.base ?? written;
  return {
    index,
    from,
    base,
    kind: parent?.kind ?? baseKindOf(base),
    continues: parent !== undefined,
    steps: stepsOf(instructions, parent?.steps.at(-1)),
  };
}

function stepsOf(instructions: readonly Instruction[], before: LintStep | undefined): LintStep[] {
  let shellProgram = before === undefined ? 'cmd' : shellAfter(before);
  let user = before === undefined ? undefined : userAfter(before);
  return instructions.map(instruction => {
    const step: LintStep = {
      instruction,
      shellProgram,
      ...(user === undefined ? {} : { user }),
      commands: commandsIn(instruction, shellKind(shellProgram)),
    };
    shellProgram = shellAfter(step);
    user = userAfter(step);
    return step;
  });
}

function shellAfter({ instruction, shellProgram }: LintStep): string {
  if (instruction.keyword !== 'SHELL') return shellProgram;
  return programName(instruction.argv[0]?.text ?? '');
}

function userAfter({ instruction, user }: LintStep): string | undefined {
  return instruction.keyword === 'USER' ? instruction.user.text : user;
}

function commandsIn(instruction: Instruction, shell: ShellKind): SimpleCommand[] {
  switch (instruction.keyword) {
    case 'RUN':
      return scriptsOf(instruction.command, instruction.heredocs, shell).flatMap(commandsOf);
    case 'CMD':
    case 'ENTRYPOINT':
      return scriptsOf(instruction.command, [], shell).flatMap(commandsOf);
    case 'HEALTHCHECK':
      return instruction.check.kind === 'none'
        ? []
        : scriptsOf(instruction.check.command, [], shell).flatMap(commandsOf);
    default:
      return [];
  }
}
