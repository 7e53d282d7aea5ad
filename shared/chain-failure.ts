import type { Explanation } from './failure.ts';

/** Ways in which layers cannot take, or give, their form on a Windows disk. Plain data. */
export type ChainFailure =
  /** Backup streams that break their format; `offset` counts bytes from their start. */
  | {
      readonly code: 'backup-stream-malformed';
      readonly path: string;
      readonly offset: number;
      readonly problem: string;
    }
  /** A reparse point that layers of images have no form for. */
  | { readonly code: 'reparse-unsupported'; readonly path: string; readonly tag: number }
  /** A layer that must not, or cannot, be unpacked; `path` is a path inside it. */
  | {
      readonly code: 'layer-import-refused';
      readonly diffId: string;
      readonly path: string;
      readonly problem: string;
    }
  /** What Windows exported does not look as we know it. */
  | { readonly code: 'export-malformed'; readonly path: string; readonly problem: string }
  /** A link of a chain that something needs is not on disk. */
  | { readonly code: 'chain-missing'; readonly chainId: string };

export const chainWording: {
  readonly [C in ChainFailure['code']]: (
    failure: Extract<ChainFailure, { code: C }>,
  ) => Explanation;
} = {
  'backup-stream-malformed': ({ path, offset, problem }) => ({
    message: `The backup streams of ${path} cannot be read: ${problem} (at byte ${offset}).`,
    advice: 'The disk may be full or damaged. Build again; if it stays, please report it.',
  }),
  'reparse-unsupported': ({ path, tag }) => ({
    message: `${path} is a reparse point of the kind 0x${tag.toString(16).toUpperCase().padStart(8, '0')}, which a layer cannot hold.`,
    advice:
      'Layers hold symbolic links and junctions only. Let the step delete it, or keep the program from making it.',
  }),
  'layer-import-refused': ({ diffId, path, problem }) => ({
    message: `The layer ${diffId} cannot be unpacked for Windows: ${path}: ${problem}.`,
    advice: 'The layer was made by a faulty tool, or is hostile. Pull or build it again.',
  }),
  'export-malformed': ({ path, problem }) => ({
    message: `What Windows exported of the step cannot be read: ${path}: ${problem}.`,
    advice: 'Build again; if it stays, please report it with the version of Windows.',
  }),
  'chain-missing': ({ chainId }) => ({
    message: `The unpacked layers up to ${chainId} are not in the store.`,
    advice: 'Build again: they are unpacked anew.',
  }),
};
