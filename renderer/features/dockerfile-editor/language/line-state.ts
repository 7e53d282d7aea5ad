import type { EscapeCharacter } from '../../../../shared/dockerfile/ast.ts';
import type { Shell } from './code-rules.ts';

/** A here-document whose lines are still to come. */
export interface OpenHeredoc {
  readonly name: string;
  readonly stripTabs: boolean;
  /** Undefined for a file's content. */
  readonly shell: Shell | undefined;
}

/** What a line has to know of the lines before it. */
export interface LineState {
  readonly escape: EscapeCharacter;
  /** Only comments of the form `# name=value` stood above. */
  readonly isTop: boolean;
  /** The instruction that this line goes on with, in capitals. */
  readonly keyword: string | undefined;
  /** Where in that instruction: its options come first. */
  readonly part: 'flags' | 'arguments';
  /** What the instruction's command is written in. */
  readonly code: Shell;
  /** What RUN's shell form is handed to. */
  readonly shell: Shell;
  /** Shells that earlier stages ended with, by stage name. */
  readonly stageShells: ReadonlyMap<string, Shell>;
  readonly stageName: string | undefined;
  readonly heredocs: readonly OpenHeredoc[];
}

/** The state before the first line. A build for Windows starts with cmd. */
export const firstLineState: LineState = {
  escape: '\\',
  isTop: true,
  keyword: undefined,
  part: 'flags',
  code: 'cmd',
  shell: 'cmd',
  stageShells: new Map(),
  stageName: undefined,
  heredocs: [],
};

/** Whether the lines below would come out the same. */
export function sameLineState(a: LineState, b: LineState): boolean {
  return (
    a.escape === b.escape &&
    a.isTop === b.isTop &&
    a.keyword === b.keyword &&
    a.part === b.part &&
    a.code === b.code &&
    a.shell === b.shell &&
    a.stageName === b.stageName &&
    sameShells(a.stageShells, b.stageShells) &&
    sameHeredocs(a.heredocs, b.heredocs)
  );
}

function sameShells(a: ReadonlyMap<string, Shell>, b: ReadonlyMap<string, Shell>): boolean {
  return a === b || (a.size === b.size && [...a].every(([name, shell]) => b.get(name) === shell));
}

function sameHeredocs(a: readonly OpenHeredoc[], b: readonly OpenHeredoc[]): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every((one, index) => one.name === b[index]?.name && one.shell === b[index]?.shell)
  );
}
