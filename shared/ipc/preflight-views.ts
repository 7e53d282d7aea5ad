import type { SourceRange } from '../source-range.ts';
import type { HostVerdictView } from './app-views.ts';
import type { BackendChoice } from './build-events.ts';

/** What was looked at. */
export type PreflightCheck =
  | 'dockerfile'
  | 'windows'
  | 'base'
  | 'run'
  | 'context'
  | 'names'
  | 'secrets'
  | 'disk';

/** Something that stands in the way of a build, or that one should know before it. */
export interface PreflightFinding {
  readonly check: PreflightCheck;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** In the build file. */
  readonly range?: SourceRange;
  /** In the context, relative with `/`. */
  readonly path?: string;
  readonly rule?: string;
}

/** What a stage begins with. */
export interface PreflightBase {
  readonly stage: number;
  readonly stageName?: string;
  readonly reference: string;
  /** `registry`: it is not here and would be pulled; `sample`: it would be made. */
  readonly source: 'store' | 'registry' | 'sample' | 'stage' | 'scratch';
  readonly osVersion?: string;
  /** Of the image; of what its tag says where it is not here. */
  readonly verdict?: HostVerdictView;
  readonly range: SourceRange;
}

/** A folder or file of the context with all below it. */
export interface ContextShare {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** What is in the context, without what `.dockerignore` leaves out. */
export interface PreflightContext {
  readonly dir: string;
  readonly files: number;
  readonly bytes: number;
  /** Files and folders that were left out; what is in such a folder is not counted. */
  readonly ignored: number;
  /** There is more than was looked at. */
  readonly isCut: boolean;
  /** The largest of the folder's own entries, largest first. */
  readonly biggest: readonly ContextShare[];
}

/** What a RUN, CMD or ENTRYPOINT comes to (shared/dockerfile/effective-command). */
export interface PreflightCommand {
  readonly stage: number;
  readonly keyword: string;
  readonly range: SourceRange;
  readonly commandLine: string;
  readonly reader: 'cmd' | 'powershell' | 'program';
  readonly received: readonly string[];
  readonly notes: readonly string[];
}

/** What is known about a build before a byte is fetched. */
export interface PreflightView {
  /** The build file, absolute. */
  readonly file: string;
  readonly stages: number;
  readonly steps: number;
  /** Absent where nothing here can build it: a finding says why. */
  readonly backend?: BackendChoice;
  readonly bases: readonly PreflightBase[];
  readonly context: PreflightContext;
  /** Bytes on the disk of the store: free, and at least needed for the copied files. */
  readonly disk?: { readonly dir: string; readonly free: number; readonly needed: number };
  readonly commands: readonly PreflightCommand[];
  /** Errors first. */
  readonly findings: readonly PreflightFinding[];
}
