import { compareOsVersions, parseOsVersion, type WindowsVersion } from './builds.ts';
import { updateSeries, type UpdateSeries } from './update-series.ts';

/** How far a version is behind another one of the same build. */
export interface MonthsBehind {
  /** Calendar months between the security updates that the two have; 0 for the newest. */
  readonly months: number;
  /** The other one is newer than our table, so that it may be more. */
  readonly atLeast: boolean;
}

/**
 * The month of the last security update that a version has, such as `2024-11` for 10.0.20348.2849. Undefined where that is
 * not known: no revision, a build without a table, older than its first update, or newer than the table.
 */
export function updateMonth(osVersion: string): string | undefined {
  const found = lookUp(parseOsVersion(osVersion));
  return found?.kind === 'known' ? monthAfter(found.series, found.index) : undefined;
}

/** How far `osVersion` is behind `newest`, or undefined where that is not known. */
export function monthsBehind(osVersion: string, newest: string): MonthsBehind | undefined {
  const [mine, theirs] = [parseOsVersion(osVersion), parseOsVersion(newest)];
  if (mine?.build !== theirs?.build || mine === undefined || theirs === undefined) return undefined;
  if (compareOsVersions(mine, theirs) >= 0) return { months: 0, atLeast: false };
  const [from, to] = [lookUp(mine), lookUp(theirs)];
  if (from?.kind !== 'known' || to === undefined) return undefined;
  const months = to.index - from.index;
  if (to.kind === 'known') return { months, atLeast: false };
  return months === 0 ? undefined : { months, atLeast: true };
}

/** Adds to each tag how far it is behind the newest one with the same build in the list. */
export function withMonthsBehind<T extends { readonly osVersion?: string }>(
  tags: readonly T[],
): readonly (T & { readonly monthsBehind?: number; readonly monthsBehindAtLeast?: true })[] {
  const newest = newestOfBuilds(tags);
  return tags.map(tag => {
    const build = parseOsVersion(tag.osVersion ?? '')?.build;
    const behind = monthsBehind(tag.osVersion ?? '', newest.get(build ?? 0) ?? '');
    if (behind === undefined) return tag;
    const { atLeast, months } = behind;
    return { ...tag, monthsBehind: months, ...(atLeast ? { monthsBehindAtLeast: true } : {}) };
  });
}

function newestOfBuilds(tags: readonly { readonly osVersion?: string }[]): Map<number, string> {
  const newest = new Map<number, string>();
  for (const { osVersion = '' } of tags) {
    const version = parseOsVersion(osVersion);
    if (version === undefined) continue;
    const known = parseOsVersion(newest.get(version.build) ?? '');
    if (known === undefined || compareOsVersions(known, version) < 0) {
      newest.set(version.build, osVersion);
    }
  }
  return newest;
}

/** A month of a series by its index; `later` where the version is newer than the last one that we know. */
interface Found {
  readonly kind: 'known' | 'later';
  readonly series: UpdateSeries;
  readonly index: number;
}

function lookUp(version: WindowsVersion | undefined): Found | undefined {
  const { build, revision } = version ?? {};
  const series = updateSeries.find(({ builds }) => build !== undefined && builds.includes(build));
  if (series === undefined || revision === undefined) return undefined;
  const index = series.revisions.findLastIndex(each => each > 0 && each <= revision);
  if (index < 0) return undefined;
  const last = series.revisions.length - 1;
  const later = revision > (series.revisions[last] ?? 0);
  return { kind: later ? 'later' : 'known', series, index };
}

function monthAfter({ first }: UpdateSeries, months: number): string {
  const [year = 0, month = 1] = first.split('-').map(Number);
  const count = year * 12 + month - 1 + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}
