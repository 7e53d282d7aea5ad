import type { SourceRange } from '../source-range.ts';
import type { Finding } from './finding.ts';

/** The character that escapes, and that continues a line when it is the last one. */
export type EscapeCharacter = '\\' | '`';

/**
 * A piece of an instruction: `text` is what the parser made of it, `range` is where it stands. The range may be
 * worked out when it is read, so a word that goes through JSON or IPC has to be written as `{ text, range }` first.
 */
export interface Word {
  readonly text: string;
  readonly range: SourceRange;
}

/** `# name=value` at the top of the file. */
export interface Directive {
  readonly name: 'escape' | 'syntax' | 'check';
  readonly value: Word;
  readonly range: SourceRange;
}

/** `--name=value`, quotes and escapes removed. */
export interface Flag {
  readonly name: string;
  readonly value?: string;
  readonly range: SourceRange;
  /** Where the value stands; the flag's end where it has none. */
  readonly valueRange: SourceRange;
}

/** A here-document. `content` is as written; tabs are only removed by `heredocText`. */
export interface Heredoc {
  readonly name: string;
  /** False where the delimiter was quoted: variables then stay as they are. */
  readonly expand: boolean;
  /** `<<-`: tabs at the start of lines are removed. */
  readonly stripTabs: boolean;
  readonly content: string;
  /** The content's place, without the line of the delimiter. */
  readonly range: SourceRange;
}

/** A command in shell form (one line for a shell) or exec form (a JSON array). */
export type CommandLine =
  | { readonly form: 'shell'; readonly line: Word }
  | { readonly form: 'exec'; readonly argv: readonly Word[]; readonly range: SourceRange };

export interface Pair {
  readonly name: Word;
  readonly value: Word;
}

/** One `key=value` of `RUN --mount`, not yet expanded. */
export interface MountField {
  readonly key: string;
  readonly value?: Word;
  readonly range: SourceRange;
}

export interface MountFlag {
  readonly fields: readonly MountField[];
  readonly range: SourceRange;
}

/** A source of COPY or ADD: a path (or URL), or the name of a here-document of the instruction. */
export type CopySource =
  | { readonly kind: 'path'; readonly path: Word }
  | { readonly kind: 'heredoc'; readonly heredoc: Heredoc; readonly word: Word };

interface Base {
  /** The keyword as the author wrote it. */
  readonly written: string;
  readonly keywordRange: SourceRange;
  /** From the keyword to the end of the last line, here-documents included. */
  readonly range: SourceRange;
  /** The instruction as written, continuation lines joined, without here-documents. */
  readonly text: string;
  readonly flags: readonly Flag[];
}

export interface FromInstruction extends Base {
  readonly keyword: 'FROM';
  readonly image: Word;
  /** In lower case: stage names do not tell cases apart. */
  readonly stageName?: Word;
  readonly platform?: Word;
}
export interface ArgInstruction extends Base {
  readonly keyword: 'ARG';
  readonly arguments: readonly { readonly name: Word; readonly value?: Word }[];
}
export interface EnvInstruction extends Base {
  readonly keyword: 'ENV';
  readonly pairs: readonly Pair[];
}
export interface LabelInstruction extends Base {
  readonly keyword: 'LABEL';
  readonly pairs: readonly Pair[];
}
export interface RunInstruction extends Base {
  readonly keyword: 'RUN';
  readonly command: CommandLine;
  readonly heredocs: readonly Heredoc[];
  readonly mounts: readonly MountFlag[];
  readonly network: 'default' | 'none' | 'host';
  readonly security: 'sandbox' | 'insecure';
}
export interface CmdInstruction extends Base {
  readonly keyword: 'CMD';
  readonly command: CommandLine;
}
export interface EntrypointInstruction extends Base {
  readonly keyword: 'ENTRYPOINT';
  readonly command: CommandLine;
}
export interface ShellInstruction extends Base {
  readonly keyword: 'SHELL';
  readonly argv: readonly Word[];
}
export interface CopyInstruction extends Base {
  readonly keyword: 'COPY';
  readonly sources: readonly CopySource[];
  readonly destination: Word;
  readonly from?: Word;
  readonly chown?: Word;
  readonly chmod?: Word;
  readonly link: boolean;
  readonly parents: boolean;
  readonly excludes: readonly Word[];
}
export interface AddInstruction extends Base {
  readonly keyword: 'ADD';
  readonly sources: readonly CopySource[];
  readonly destination: Word;
  readonly chown?: Word;
  readonly chmod?: Word;
  readonly link: boolean;
  readonly excludes: readonly Word[];
  readonly checksum?: Word;
  /** Undefined where the flag is absent: a Git URL may then decide. */
  readonly keepGitDir?: boolean;
  /** Undefined where the flag is absent: local archives are unpacked, remote ones are not. */
  readonly unpack?: boolean;
}
export interface WorkdirInstruction extends Base {
  readonly keyword: 'WORKDIR';
  readonly path: Word;
}
export interface UserInstruction extends Base {
  readonly keyword: 'USER';
  readonly user: Word;
}
export interface ExposeInstruction extends Base {
  readonly keyword: 'EXPOSE';
  readonly ports: readonly Word[];
}
export interface VolumeInstruction extends Base {
  readonly keyword: 'VOLUME';
  readonly paths: readonly Word[];
}
export interface StopsignalInstruction extends Base {
  readonly keyword: 'STOPSIGNAL';
  readonly signal: Word;
}
/** Durations are whole nanoseconds, 0 where the flag is absent (Docker then takes its default). */
export interface HealthTimes {
  readonly interval: number;
  readonly timeout: number;
  readonly startPeriod: number;
  readonly startInterval: number;
  readonly retries: number;
}
export interface HealthcheckInstruction extends Base {
  readonly keyword: 'HEALTHCHECK';
  readonly check:
    | { readonly kind: 'none' }
    | { readonly kind: 'command'; readonly command: CommandLine };
  readonly times: HealthTimes;
}
export interface OnbuildInstruction extends Base {
  readonly keyword: 'ONBUILD';
  readonly trigger: Instruction;
  /** What the image config stores: the trigger on one line, its here-documents behind it. */
  readonly triggerText: string;
}
export interface MaintainerInstruction extends Base {
  readonly keyword: 'MAINTAINER';
  readonly name: Word;
}
/** An instruction that could not be read; a finding says why. */
interface InvalidInstruction extends Base {
  readonly keyword: 'INVALID';
}

export type Instruction =
  | FromInstruction
  | ArgInstruction
  | EnvInstruction
  | LabelInstruction
  | RunInstruction
  | CmdInstruction
  | EntrypointInstruction
  | ShellInstruction
  | CopyInstruction
  | AddInstruction
  | WorkdirInstruction
  | UserInstruction
  | ExposeInstruction
  | VolumeInstruction
  | StopsignalInstruction
  | HealthcheckInstruction
  | OnbuildInstruction
  | MaintainerInstruction
  | InvalidInstruction;

export type Keyword = Exclude<Instruction['keyword'], 'INVALID'>;

/** A Dockerfile as read. It may be built when no finding is an error. */
export interface Dockerfile {
  readonly directives: readonly Directive[];
  readonly escape: EscapeCharacter;
  readonly instructions: readonly Instruction[];
  readonly findings: readonly Finding[];
}
