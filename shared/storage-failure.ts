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
  | { readonly code: 'preview-outdated' };

export const storageWording: {
  readonly [C in StorageFailure['code']]: (
    failure: Extract<StorageFailure, { code: C }>,
  ) => Explanation;
} = {
  'storage-unreadable': ({ digest, others, problem }) => ({
    message: `Nothing was removed, because nobody can tell what ${digest} needs: ${problem}${others === 0 ? '' : ` (and ${others} more)`}`,
    advice: 'Let "layerwright store repair" fetch it anew or drop it, then try again.',
  }),
  'preview-outdated': () => ({
    message: 'What was shown no longer fits what is in the store.',
    advice: 'Look at the new preview, then confirm that.',
  }),
};
