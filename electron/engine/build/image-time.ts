import type { TimePolicy } from './copy/layer-entries.ts';

/** The one time of an image, so that the same inputs give the same bytes on every day. */
export interface ImageTime {
  readonly policy: TimePolicy;
  /** For `created` in config and history: RFC 3339. */
  readonly created: string;
}

export interface TimeChoice {
  /** Seconds since 1970; from the request, a build argument or the environment. */
  readonly sourceDateEpoch: number | undefined;
  readonly timestamps: 'normalize' | 'preserve';
  /** `created` of the base image's config. */
  readonly baseCreated: string | undefined;
}

const nsPerSecond = 1_000_000_000n;
const nsPerMs = 1_000_000n;
/** Zip files and FAT know no earlier time, and programs trip over it. */
const earliest = Date.UTC(1980, 0, 1);

/** SOURCE_DATE_EPOCH where it is set, else the time of the base, else 1980-01-01. */
export function imageTime({ sourceDateEpoch, timestamps, baseCreated }: TimeChoice): ImageTime {
  const ms = sourceDateEpoch === undefined ? baseTime(baseCreated) : sourceDateEpoch * 1000;
  const time = BigInt(ms) * nsPerMs;
  const latest = sourceDateEpoch === undefined ? undefined : BigInt(sourceDateEpoch) * nsPerSecond;
  return {
    policy:
      timestamps === 'normalize'
        ? { time }
        : { time, keep: latest === undefined ? {} : { latest } },
    created: new Date(ms).toISOString().replace('.000Z', 'Z'),
  };
}

/** The first value that is set; one that is not a whole number of seconds does not count (reproducible-builds.org). */
export function sourceDateEpochOf(
  request: number | undefined,
  ...texts: readonly (string | undefined)[]
): number | undefined {
  if (request !== undefined) return request;
  const text = texts.find(candidate => candidate !== undefined && /^\d{1,11}$/u.test(candidate));
  return text === undefined ? undefined : Number(text);
}

function baseTime(created: string | undefined): number {
  const ms = Date.parse(created ?? '');
  return Number.isNaN(ms) || ms < earliest ? earliest : ms;
}

/** What of a policy decides about a layer, in named texts. */
export function timeTexts({ time, keep }: TimePolicy): Readonly<Record<string, string>> {
  return {
    'time of the image': new Date(Number(time / nsPerMs)).toISOString(),
    timestamps: keep ? 'preserve' : 'normalize',
    ...(keep?.latest === undefined ? {} : { 'latest time': String(keep.latest) }),
  };
}
