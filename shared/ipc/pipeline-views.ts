import type { Failure } from '../failure.ts';
import type { SourceRange } from '../source-range.ts';
import type { Digest } from '../oci/digest.ts';
import type { PlanFinding } from './build-views.ts';

/** One image of a pipeline, as it will be built. */
export interface PipelineImageView {
  readonly image: string;
  /** Images of a wave need none of each other; the first is 0. */
  readonly wave: number;
  /** As the file says it: relative to the pipeline. */
  readonly file: string;
  readonly tags: readonly string[];
  readonly dependsOn: readonly string[];
  /** Where it stands in the pipeline. */
  readonly range: SourceRange;
}

/** What a pipeline would do. `images` is empty where a finding is an error. */
export interface PipelineView {
  readonly images: readonly PipelineImageView[];
  readonly findings: readonly PlanFinding[];
  readonly pushAfterAll: boolean;
}

/** How far an image of a pipeline is. */
export type PipelineImageState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly buildId: string }
  | {
      readonly kind: 'built';
      readonly buildId: string;
      readonly manifestDigest: Digest;
      readonly durationMs: number;
    }
  | { readonly kind: 'failed'; readonly buildId?: string; readonly failure: Failure }
  /** It was stopped, or never begun; `because` names the image that failed, where one did. */
  | { readonly kind: 'stopped'; readonly buildId?: string; readonly because?: string };

/** A pipeline that runs, or has run, in this session. */
export interface PipelineRunView {
  readonly pipelineId: string;
  /** Relative to the project. */
  readonly file: string;
  readonly status: 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly images: readonly { readonly image: string; readonly state: PipelineImageState }[];
}
