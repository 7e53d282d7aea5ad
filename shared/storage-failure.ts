import type { Explanation } from './failure.ts';

/** Ways in which looking after the store can fail. Plain data. */
export type StorageFailure =
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
