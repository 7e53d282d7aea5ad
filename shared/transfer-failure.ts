import { formatBytes } from './format-bytes.ts';

/** An image that an index offers, and why it was not taken. */
interface OfferedImage {
  readonly platform: string;
  readonly reason: string;
}

/** What goes wrong when images are pulled, pushed, put together or bundled. Sizes are in bytes. */
export type TransferFailure =
  /** `host` says what the machine is, `wanted` the platform that was asked for. */
  | {
      readonly code: 'no-image-fits';
      readonly reference: string;
      readonly wanted: string;
      readonly host: string;
      readonly offered: readonly OfferedImage[];
      /** What would work, as values of `--platform`. */
      readonly alternatives: readonly string[];
    }
  /** The store has a part of the image only. `missing` are words such as `the image for windows(10.0.17763)/amd64`. */
  | {
      readonly code: 'image-incomplete';
      readonly reference: string;
      readonly missing: readonly string[];
      /** What could be done about it, in a sentence. */
      readonly advice: string;
    }
  /** A layer that may not be distributed, and that is neither in the registry nor at any of its `urls`. */
  | {
      readonly code: 'foreign-unavailable';
      readonly digest: string;
      readonly tried: readonly { readonly place: string; readonly problem: string }[];
    }
  /** Images that cannot be put together to one index; `image` is the one that is wrong. */
  | { readonly code: 'index-refused'; readonly image: string; readonly problem: string }
  | {
      readonly code: 'disk-space';
      readonly path: string;
      readonly needed: number;
      readonly free: number;
    };

interface Explanation {
  readonly message: string;
  readonly advice?: string;
}

type Wording = {
  readonly [C in TransferFailure['code']]: (
    failure: Extract<TransferFailure, { code: C }>,
  ) => Explanation;
};

const mostListed = 20;

/** The wording of what goes wrong with transfers; `explain` is how others come by it. */
export const transferWording: Wording = {
  'no-image-fits': ({ reference, wanted, host, offered, alternatives }) => ({
    message: [
      `${reference} has no image for ${wanted} (this machine: ${host}).`,
      ...(offered.length === 0 ? ['It lists no image.'] : ['It has:']),
      ...listed(offered.map(({ platform, reason }) => `  ${platform}: ${reason}`)),
    ].join('\n'),
    advice:
      alternatives.length === 0
        ? 'Choose another tag or another repository.'
        : `Choose one with --platform: ${listed(alternatives).join(', ')}.`,
  }),
  'image-incomplete': ({ reference, missing, advice }) => ({
    message: `The store has a part of ${reference} only. Missing: ${listed(missing).join(', ')}.`,
    advice,
  }),
  'foreign-unavailable': ({ digest, tried }) => ({
    message: [
      `The foreign layer ${digest} can be had nowhere:`,
      ...tried.map(({ place, problem }) => `  ${place}: ${problem}`),
    ].join('\n'),
    advice:
      'Foreign layers (old Windows bases) are not kept in every registry. Check the network to those places, or leave such layers out with --foreign skip.',
  }),
  'index-refused': ({ image, problem }) => ({
    message: `${image} cannot be a part of the index: ${problem}`,
  }),
  'disk-space': ({ path, needed, free }) => ({
    message: `There is not enough space for ${path}: ${formatBytes(needed)} are needed, ${formatBytes(free)} are free.`,
    advice: 'Free some space, or choose a store on another disk with LAYERWRIGHT_STORE.',
  }),
};

function listed(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostListed) return lines;
  return [...lines.slice(0, mostListed), `and ${lines.length - mostListed} more`];
}
