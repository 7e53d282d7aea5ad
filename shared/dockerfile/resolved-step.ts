import type { Mount } from './mount.ts';
import type { StageSource } from './stage-source.ts';

/** Where COPY, ADD and WORKDIR write to. */
export interface StepDestination {
  /** Below the volume root, with `/`; '' is the root itself. */
  readonly path: string;
  /** True where the author wrote a separator or a dot at the end: then it is a folder. */
  readonly isFolder: boolean;
  /** After expansion, as it stands in messages. */
  readonly written: string;
}

/** A file that stands in the Dockerfile itself; its content is expanded. */
export interface InlineFile {
  readonly name: string;
  readonly content: string;
}

/** What COPY or ADD takes, in the order of the instruction. */
export type StepSource =
  /** With `/`, wildcards kept, no drive letter. It may still try to leave its root by `..`. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'inline'; readonly file: InlineFile }
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'git'; readonly url: string };

interface CopyBase {
  readonly sources: readonly StepSource[];
  readonly destination: StepDestination;
  /** A Windows account or SID. */
  readonly chown?: string;
  /** Has no meaning on Windows; a finding said so. */
  readonly chmod?: string;
  readonly link: boolean;
  readonly excludes: readonly string[];
}

export interface CopyStep extends CopyBase {
  readonly kind: 'copy';
  /** Absent for the build context. */
  readonly from?: StageSource;
  readonly parents: boolean;
}

export interface AddStep extends CopyBase {
  readonly kind: 'add';
  /** `sha256:...` of a downloaded file, or the commit of a Git source. */
  readonly checksum?: string;
  readonly keepGitDir?: boolean;
  /** Undefined: local archives are unpacked, downloaded ones are not. */
  readonly unpack?: boolean;
}

export interface RunStep {
  readonly kind: 'run';
  readonly form: 'shell' | 'exec';
  /** What CreateProcess gets: for shell form the shell and the line as written, for exec form quoted arguments. */
  readonly commandLine: string;
  /** Exec form: the arguments. Shell form: the shell with the line behind it. */
  readonly argv: readonly string[];
  readonly mounts: readonly { readonly mount: Mount; readonly from?: StageSource }[];
  readonly network: 'default' | 'none' | 'host';
  readonly security: 'sandbox' | 'insecure';
  /** `NAME=value`: the image's environment and the declared arguments. */
  readonly env: readonly string[];
  /** Proxy arguments that were given and not declared; they belong in no cache key and no history. */
  readonly proxyEnv: readonly string[];
  /** Empty: the image's default user. */
  readonly user: string;
  readonly workingDir: string;
}

/** What is left to do for one instruction once all its values are known. */
export type ResolvedStep =
  /** Only the config changed, or nothing at all. */
  | { readonly kind: 'metadata' }
  /** A finding says why it cannot be done. */
  | { readonly kind: 'invalid' }
  | CopyStep
  | AddStep
  | RunStep
  /** Make this folder, unless it is there. */
  | { readonly kind: 'workdir'; readonly destination: StepDestination };
