import type { Digest } from '../oci/digest.ts';

/** An earlier run of a step that is still on record. */
export interface EarlierStep {
  /** In ms since 1970. */
  readonly builtAt: number;
  /** Absent where it was not built here. */
  readonly buildId?: string;
  /** The shared cache that it came from, such as `type=registry,ref=...`. */
  readonly from?: string;
}

/** One file that is not what it was. Hashes are the first 16 hex digits of SHA-256; links and folders have marks. */
export interface FileDifference {
  readonly path: string;
  /** Absent where the file is new. */
  readonly before?: string;
  /** Absent where the file is gone. */
  readonly now?: string;
}

/** One thing in which a step differs from an earlier run of it. Values that may be secret are left out. */
export type CacheDifference =
  /** FROM gives another image than then. */
  | {
      readonly kind: 'base';
      readonly reference: string;
      readonly before?: Digest;
      readonly now?: Digest;
    }
  /** A part of the instruction: `command`, `destination`, `source 2`, `mount 1`, `user` and the like. */
  | {
      readonly kind: 'instruction';
      readonly part: string;
      readonly before?: string;
      readonly now?: string;
    }
  /** An argument or a variable of the environment that the step sees. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly before?: string;
      readonly now?: string;
      /** The values look like secrets and are not kept. */
      readonly hidden?: boolean;
    }
  /** Files that are copied; the first ones by name, all of them in the counts. */
  | {
      readonly kind: 'files';
      readonly from: string;
      readonly files: readonly FileDifference[];
      readonly changed: number;
      readonly added: number;
      readonly removed: number;
    }
  /** What is copied from as a whole: a stage, an image, a download, or a folder whose files are too many to list. */
  | { readonly kind: 'source'; readonly from: string }
  /** The layers below; `stepId` is the step of this build that made them anew. */
  | {
      readonly kind: 'parent';
      readonly text: string;
      readonly stepId?: string;
      /** The instruction that stood there then, where it was another one. */
      readonly before?: string;
    }
  /** An option of the build: `compression`, `platform`, `times` and the like. */
  | {
      readonly kind: 'option';
      readonly name: string;
      readonly before?: string;
      readonly now?: string;
    };

/** Who asked for a step to run although it may be in the cache. */
export type CacheBypass =
  | { readonly kind: 'no-cache' }
  | { readonly kind: 'no-cache-filter'; readonly stage: string }
  /** From the instruction at this line of the Dockerfile on; lines count from 1. */
  | { readonly kind: 'from-line'; readonly line: number };

/** Why a step ran, or what it was taken from. */
export type StepCacheStory =
  /** Of FROM: the image, or the chain ID of the stage, that the stage goes on from. */
  | { readonly kind: 'base'; readonly reference: string; readonly digest: Digest }
  | { readonly kind: 'matched'; readonly earlier: EarlierStep; readonly layer?: Digest }
  | { readonly kind: 'asked'; readonly by: CacheBypass }
  /** No earlier run of this step, or of one like it, is on record. */
  | { readonly kind: 'never-built' }
  /** It is just as it was, but its record was removed. */
  | { readonly kind: 'pruned'; readonly earlier: EarlierStep; readonly prunedAt: number }
  /** It is just as it was, but its layer is no longer in the store. */
  | { readonly kind: 'layer-gone'; readonly earlier: EarlierStep; readonly layer: Digest }
  | {
      readonly kind: 'differs';
      readonly earlier: EarlierStep;
      /** The most telling one first; never empty. */
      readonly differences: readonly CacheDifference[];
    }
  /** The cache cannot be used. */
  | { readonly kind: 'no-record'; readonly problem: string };
