import { compareOsVersions, parseOsVersion } from './builds.ts';
import { updateMonth } from './updates.ts';

/** A Windows image: its version, and when it was made (ISO 8601). */
export interface DatedVersion {
  readonly osVersion?: string;
  readonly created?: string;
}

/**
 * How many months' updates an image lacks against the newest of the same build among `others`: 0 for the newest itself.
 * The month of an image is that of its security update; where the table does not know that one, the month in which the
 * image was made, as Microsoft makes its images anew with each update. Undefined where that is not known either.
 */
export function monthsBehind(
  image: DatedVersion,
  others: readonly DatedVersion[],
): number | undefined {
  const mine = parseOsVersion(image.osVersion ?? '');
  if (mine === undefined) return undefined;
  let newest = { version: mine, image };
  for (const other of others) {
    const version = parseOsVersion(other.osVersion ?? '');
    if (version?.build !== mine.build) continue;
    if (compareOsVersions(version, newest.version) > 0) newest = { version, image: other };
  }
  if (newest.version === mine) return 0;
  const [then, now] = [monthOf(image), monthOf(newest.image)];
  return then === undefined || now === undefined ? undefined : Math.max(0, now - then);
}

/** Counted from the year 0. */
function monthOf({ created = '', osVersion = '' }: DatedVersion): number | undefined {
  const time = new Date(updateMonth(osVersion) ?? created);
  const month = time.getUTCFullYear() * 12 + time.getUTCMonth();
  return Number.isNaN(month) ? undefined : month;
}
