import type { SourceRange } from '../source-range.ts';
import type { Text } from './yaml-reader.ts';

/** A command: a line for the shell, or a program with its arguments. */
export type ZCommand =
  | { readonly form: 'shell'; readonly line: string; readonly range: SourceRange }
  | { readonly form: 'exec'; readonly argv: readonly string[]; readonly range: SourceRange };

/** A pair of `env`, `labels` or `args`. */
export interface ZPair {
  readonly name: Text;
  readonly value: Text;
}

export interface ZCacheMount {
  readonly target: string;
  readonly cacheName?: string;
  readonly sharing?: string;
  readonly readonly: boolean;
}

/** One step of a stage. */
export type ZStep = { readonly range: SourceRange } & (
  | {
      readonly kind: 'run';
      readonly command: ZCommand;
      /** For this command alone. */
      readonly env: readonly ZPair[];
      readonly cache: readonly ZCacheMount[];
    }
  | {
      readonly kind: 'copy' | 'add';
      readonly sources: readonly string[];
      readonly to: string;
      readonly from?: string;
      readonly owner?: string;
      readonly chmod?: string;
    }
  | { readonly kind: 'env'; readonly env: readonly ZPair[] }
  | { readonly kind: 'workdir' | 'user'; readonly text: string }
);

export interface ZHealthcheck {
  readonly command: ZCommand;
  /** `--interval=30s` and the like. */
  readonly flags: readonly string[];
  readonly range: SourceRange;
}

/** What an image says about how it is run; the same for a stage and for the whole file. */
export interface ZMetadata {
  readonly env: readonly ZPair[];
  readonly workdir?: Text;
  readonly labels: readonly ZPair[];
  readonly expose: readonly Text[];
  readonly user?: Text;
  readonly volumes: readonly Text[];
  readonly healthcheck?: ZHealthcheck;
  readonly stopsignal?: Text;
  readonly entrypoint?: ZCommand;
  readonly cmd?: ZCommand;
}

export interface ZStage {
  /** Absent for the only stage of a file without `stages`. */
  readonly name?: Text;
  readonly base: Text;
  readonly platform?: string;
  readonly args: readonly ZPair[];
  readonly steps: readonly ZStep[];
  readonly metadata: ZMetadata;
}

/** A ZImagefile whose image can be built for Windows. */
export interface ZImage {
  readonly args: readonly ZPair[];
  readonly stages: readonly ZStage[];
  /** Of the file itself, where it has `stages`: it goes to the last of them. */
  readonly metadata?: ZMetadata;
}
