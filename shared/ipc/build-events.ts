import type { Failure } from '../failure.ts';
import type { Digest } from '../oci/digest.ts';
import type { SourceRange } from '../source-range.ts';
import type { StepCacheStory } from './step-cache.ts';

/**
 * Where the time of a step goes. Those of RUN alone: `mount` (layers on disk, scratch, mounts, network), `start` of the
 * container, `run` of the program, `diff` (what it changed), `teardown`.
 */
export type BuildPhase =
  | 'resolve'
  | 'pull'
  | 'extract'
  | 'mount'
  | 'start'
  | 'run'
  | 'diff'
  | 'compress'
  | 'hash'
  | 'write'
  | 'teardown';

/** What carries a build out, and why it and not the other. */
export interface BackendChoice {
  readonly backend: 'portable' | 'hcs';
  /** A sentence. */
  readonly reason: string;
}

/** One instruction of a stage that will be built. `stepId` is `<stage index>.<instruction index>`. */
export interface PlannedStep {
  readonly stepId: string;
  /** The instruction's keyword in capitals, such as `COPY`. */
  readonly keyword: string;
  /** The instruction as the author wrote it, continuation lines joined. */
  readonly text: string;
  readonly range: SourceRange;
}

/** One stage that will be built; stages that the target does not need are not listed. */
export interface PlannedStage {
  readonly stage: number;
  readonly stageName?: string;
  /** FROM's argument after expansion. */
  readonly base: string;
  readonly steps: readonly PlannedStep[];
}

/** The layer that a step made or took from the cache. Sizes are in bytes. */
export interface StepLayer {
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly files: number;
}

/** A file that was kept of a failed step, such as the log of an installer. */
export interface SavedFile {
  /** In the files of the step. */
  readonly name: string;
  /** Where it was in the container. */
  readonly path: string;
  readonly bytes: number;
}

/** What a build made. */
export interface BuildResult {
  readonly manifestDigest: Digest;
  readonly configDigest: Digest;
  readonly tags: readonly string[];
  readonly layers: number;
  readonly durationMs: number;
}

type EventBody =
  | {
      readonly kind: 'build-started';
      readonly buildId: string;
      readonly backend: 'portable' | 'hcs';
      readonly contextDir: string;
      /** Absolute path, or `-` for standard input. */
      readonly dockerfile: string;
    }
  | {
      readonly kind: 'build-planned';
      readonly stages: readonly PlannedStage[];
      /** Absent in records of older versions. */
      readonly choice?: BackendChoice;
    }
  | { readonly kind: 'step-started'; readonly stepId: string }
  | {
      readonly kind: 'step-progress';
      readonly stepId: string;
      readonly phase: BuildPhase;
      readonly current: number;
      readonly total?: number;
      readonly unit: 'bytes' | 'files';
      readonly detail?: string;
    }
  | {
      readonly kind: 'step-output';
      readonly stepId: string;
      readonly stream: 'stdout' | 'stderr' | 'note';
      readonly lines: readonly string[];
    }
  | {
      readonly kind: 'step-warning';
      readonly stepId: string;
      readonly range: SourceRange;
      readonly message: string;
    }
  | {
      readonly kind: 'step-finished';
      readonly stepId: string;
      readonly outcome: 'ran' | 'cached';
      readonly durationMs: number;
      readonly phases: { readonly [P in BuildPhase]?: number };
      /** Absent where the step changed no file. */
      readonly layer?: StepLayer;
      /** Absent for steps that only set metadata, and in records of older versions. */
      readonly cache?: StepCacheStory;
    }
  /** Before `step-failed`: `files` were saved with the build; `kept` says that the scratch can be looked into. */
  | {
      readonly kind: 'step-kept';
      readonly stepId: string;
      readonly files: readonly SavedFile[];
      readonly kept: boolean;
    }
  | { readonly kind: 'step-failed'; readonly stepId: string; readonly failure: Failure }
  | { readonly kind: 'build-finished'; readonly result: BuildResult }
  | { readonly kind: 'build-failed'; readonly failure: Failure };

/** One thing that happened in a build: `seq` counts from 0 without a gap, `time` is in ms since 1970. */
export type BuildEvent = EventBody & { readonly seq: number; readonly time: number };
export type BuildEventBody = EventBody;
