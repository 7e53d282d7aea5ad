import { parseOsVersion } from './builds.ts';
import { updateSeries, type UpdateSeries } from './update-series.ts';

/**
 * The month of the last security update that a version has, such as `2024-11` for 10.0.20348.2849. Undefined where that is
 * not known: no revision, a build without a table, older than its first update, or newer than the table.
 */
export function updateMonth(osVersion: string): string | undefined {
  const { build, revision } = parseOsVersion(osVersion) ?? {};
  if (build === undefined || revision === undefined) return undefined;
  const series = updateSeries.find(({ builds }) => builds.includes(build));
  if (series === undefined || revision > (series.revisions.at(-1) ?? 0)) return undefined;
  const index = series.revisions.findLastIndex(each => each > 0 && each <= revision);
  return index < 0 ? undefined : monthAfter(series, index);
}

function monthAfter({ first }: UpdateSeries, months: number): string {
  const [year = 0, month = 1] = first.split('-').map(Number);
  const count = year * 12 + month - 1 + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}
