import type { Explanation } from './failure.ts';

/** Ways in which looking after the store can fail. Plain data. */
export type StorageFailure =
  | { readonly code: 'store-damaged'; readonly path: string; readonly problem: string }
  | { readonly code: 'store-version'; readonly path: string; readonly version: string }
  | { readonly code: 'store-busy'; readonly path: string }
  /** The history was made by a newer version; versions are schema versions. */
  | {
      readonly code: 'state-newer';
      readonly path: string;
      readonly version: number;
      readonly known: number;
    }
  | { readonly code: 'build-missing'; readonly buildId: string }
  | { readonly code: 'build-running'; readonly buildId: string }
  /** A manifest that cannot be understood: nobody knows what it needs, so nothing may be removed. */
  | {
      readonly code: 'storage-unreadable';
      readonly digest: string;
      readonly problem: string;
      /** How many others are like that. */
      readonly others: number;
    }
  /** Between the preview and the action the store has changed, or the app was started anew. */
  | { readonly code: 'preview-outdated' }
  /** There is no earlier build to compare one with. */
  | { readonly code: 'build-alone'; readonly buildId: string; readonly contextDir: string }
  /** A build whose Dockerfile came from standard input, which nobody kept. */
  | { readonly code: 'build-not-repeatable'; readonly buildId: string };

export const storageWording: {
  readonly [C in StorageFailure['code']]: (
    failure: Extract<StorageFailure, { code: C }>,
  ) => Explanation;
} = {
  'store-damaged': ({ path, problem }) => ({
    message: `The store is damaged: ${path}: ${problem}`,
    advice:
      'Nothing was changed. Repair or move that file away; the blobs are still there. "layerwright store repair" does so with a damaged history.',
  }),
  'store-version': ({ path, version }) => ({
    message: `${path} is an image layout of version ${version}, which this Layerwright does not know.`,
    advice: 'Use a newer Layerwright, or choose another folder with LAYERWRIGHT_STORE.',
  }),
  'store-busy': ({ path }) => ({
    message: `The store ${path} is in use by another action.`,
    advice: 'Wait until running builds and transfers have ended, then try again.',
  }),
  'state-newer': ({ path, version, known }) => ({
    message: `${path} was written by a newer Layerwright (version ${version}; this one knows ${known}).`,
    advice: 'Use that Layerwright, or choose another store with LAYERWRIGHT_STORE.',
  }),
  'build-missing': ({ buildId }) => ({ message: `There is no build ${buildId} on record.` }),
  'build-running': ({ buildId }) => ({
    message: `The build ${buildId} is still running.`,
    advice: 'Cancel it first.',
  }),
  'storage-unreadable': ({ digest, others, problem }) => ({
    message: `Nothing was removed, because nobody can tell what ${digest} needs: ${problem}${others === 0 ? '' : ` (and ${others} more)`}`,
    advice: 'Let "layerwright store repair" fetch it anew or drop it, then try again.',
  }),
  'build-alone': ({ buildId, contextDir }) => ({
    message: `Before ${buildId} nothing was built in ${contextDir} from the same Dockerfile.`,
    advice: 'Name the build to compare it with.',
  }),
  'build-not-repeatable': ({ buildId }) => ({
    message: `${buildId} read its Dockerfile from standard input, and that is gone.`,
    advice: 'Build again with the Dockerfile in a file.',
  }),
  'preview-outdated': () => ({
    message: 'What was shown no longer fits what is in the store.',
    advice: 'Look at the new preview, then confirm that.',
  }),
};
