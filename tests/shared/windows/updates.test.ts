import { expect, test } from 'vitest';
import { windowsReleases } from '../../../shared/windows/builds.ts';
import { updateSeries } from '../../../shared/windows/update-series.ts';
import { updateMonth } from '../../../shared/windows/updates.ts';

// From Microsoft's update history pages: the title of each update has its date and its build.
test.each([
  ['10.0.14393.187', '2016-09'],
  ['10.0.14393.2007', '2018-01'],
  ['10.0.17763.55', '2018-10'],
  ['10.0.17763.6532', '2024-11'],
  ['10.0.17763.7919', '2025-10'],
  ['10.0.18363.1556', '2021-05'],
  ['10.0.19042.1706', '2022-05'],
  ['10.0.20348.230', '2021-09'],
  ['10.0.20348.2849', '2024-11'],
  ['10.0.20348.5139', '2026-05'],
  ['10.0.25398.531', '2023-11'],
  ['10.0.26100.2314', '2024-11'],
  ['10.0.26100.7462', '2025-12'],
  ['10.0.26100.32230', '2026-01'],
  ['10.0.26100.33296', '2026-08'],
])('%s has the update of %s', (version, month) => {
  expect(updateMonth(version)).toBe(month);
});

test('previews and out-of-band updates count for the month whose update they contain', () => {
  expect(updateMonth('10.0.20348.2529')).toBe('2024-06');
  expect(updateMonth('10.0.26100.6905')).toBe('2025-10');
  // February 2017 had no update.
  expect(updateMonth('10.0.14393.729')).toBe('2017-01');
});

test.each([
  '10.0.20348',
  '10.0.20348.169',
  '10.0.26100.1742',
  '10.0.26100.99999',
  '10.0.16299.100',
  '10.0.27000.1',
  '6.1.7601.1',
  'x',
])('nothing is said of %s, whose month is not known', version => {
  expect(updateMonth(version)).toBeUndefined();
});

test('the table has only releases that are known, with revisions that grow month by month', () => {
  for (const { builds, revisions } of updateSeries) {
    for (const build of builds) expect(windowsReleases.map(each => each.build)).toContain(build);
    const real = revisions.filter(revision => revision > 0);
    expect(real).toEqual([...new Set(real)].toSorted((one, other) => one - other));
    expect(revisions.at(-1)).toBeGreaterThan(0);
  }
});
