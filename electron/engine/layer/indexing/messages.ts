import type { Failure } from '../../../../shared/failure.ts';
import type { IndexLimits, LayerRef } from '../index-layer.ts';
import type { IndexData } from '../layer-index.ts';

/** What the worker is told: one layer as a `file`, or from `start` to `end`, then the next. */
export type ToWorker =
  /** The blob as a file that the worker reads itself. */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly layer: LayerRef;
      readonly limits: IndexLimits;
    }
  | { readonly kind: 'start'; readonly layer: LayerRef; readonly limits: IndexLimits }
  /** Bytes of the blob; their memory is the worker's from now on. */
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' };

/** What the worker tells. */
export type FromWorker =
  /** It has taken up a chunk of this many bytes. */
  | { readonly kind: 'taken'; readonly bytes: number }
  /** Bytes of uncompressed tar read so far. */
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'indexed'; readonly data: IndexData }
  | { readonly kind: 'failed'; readonly failure: Failure };
