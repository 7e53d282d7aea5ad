import { compareOsVersions, parseOsVersion } from '../../../shared/windows/builds.ts';
import { rankForHost, type Host } from '../../../shared/windows/host-compatibility.ts';
import type { ImageCandidate } from './select-image.ts';

/** The image that suits a host best; a host that is not Windows gets the newest. */
export function bestForHost(
  matching: readonly [ImageCandidate, ...ImageCandidate[]],
  host: Host,
): ImageCandidate {
  const newestFirst = matching.toSorted(newerFirst);
  const [ranked] = rankForHost(newestFirst, host);
  return ranked?.candidate ?? matching[0];
}

/** Orders images from the newest Windows to the oldest; those that say no version come last. */
export function newerFirst(one: ImageCandidate, other: ImageCandidate): number {
  const [mine, theirs] = [one, other].map(({ platform }) =>
    parseOsVersion(platform['os.version'] ?? ''),
  );
  if (!mine || !theirs) return Number(theirs !== undefined) - Number(mine !== undefined);
  return compareOsVersions(theirs, mine);
}

/** The newest of several images. */
export function newestImage(
  matching: readonly [ImageCandidate, ...ImageCandidate[]],
): ImageCandidate {
  return matching.toSorted(newerFirst)[0] ?? matching[0];
}
