import type { Digest } from '../oci/digest.ts';
import type { StepCacheStory } from './step-cache.ts';
import type { BuildStatus, BuildSummary } from './build-views.ts';

/** Which builds of the history are asked for; without a field, all. Times are in ms since 1970. */
export interface HistoryFilter {
  /** In folder, Dockerfile, tags, target and build id, in any case. */
  readonly search?: string;
  readonly status?: readonly BuildStatus[];
  /** The folder of the build context. */
  readonly contextDir?: string;
  readonly from?: number;
  readonly to?: number;
}

/** The builds of one folder. */
export interface HistoryProject {
  readonly contextDir: string;
  readonly builds: number;
  readonly failed: number;
  /** When the newest began, in ms since 1970. */
  readonly lastAt: number;
}

/** One build of a project on its way through time. Sizes are in bytes, times in ms. */
export interface TrendPoint {
  readonly buildId: string;
  readonly startedAt: number;
  readonly status: BuildStatus;
  readonly durationMs?: number;
  readonly steps: number;
  readonly cachedSteps: number;
  /** Packed layers that the steps of the last stage made; absent in records of older versions. */
  readonly layerBytes?: number;
}

/** What became of a step in one build. */
export interface StepRun {
  readonly stepId: string;
  readonly stageName?: string;
  readonly text: string;
  /** `skipped`: the build ended before. */
  readonly outcome: 'ran' | 'cached' | 'failed' | 'skipped';
  readonly durationMs?: number;
  readonly layer?: { readonly digest: Digest; readonly diffId: Digest; readonly bytes: number };
  readonly cache?: StepCacheStory;
}

/** A step of one build beside the one that stands for it in the other. */
export interface StepPair {
  /** `changed`: another instruction stands there now. */
  readonly kind: 'same' | 'changed' | 'added' | 'removed';
  readonly before?: StepRun;
  readonly after?: StepRun;
  /** How much longer it took, in ms; only where both ran or were taken from the cache. */
  readonly slowerMs?: number;
  /** Whether both made the same layer; only where both made one. */
  readonly sameLayer?: boolean;
}

/** Something that a build was asked for, and that another was asked for in another way. */
export interface InputDifference {
  /** The name of the field, such as `tags` or `buildArgs.VERSION`. */
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

/** Two builds side by side: `before` is the older one. */
export interface BuildComparison {
  readonly before: BuildSummary;
  readonly after: BuildSummary;
  readonly inputs: readonly InputDifference[];
  readonly steps: readonly StepPair[];
  /** How much longer the whole build took, in ms; only where both ended. */
  readonly slowerMs?: number;
  /** How much more its layers take, in bytes; only where both say. */
  readonly largerBytes?: number;
  /** Whether both made the same image; only where both made one. */
  readonly sameImage?: boolean;
}
