import { expect, test } from 'vitest';
import { monthsBehind } from '../../../shared/windows/months-behind.ts';

const version = (osVersion: string, created?: string) => ({
  osVersion,
  ...(created === undefined ? {} : { created }),
});

test('months are counted from update to update, to the newest version of the same build', () => {
  const november = version('10.0.20348.2849', '2025-12-31T00:00:00Z');
  const january = version('10.0.20348.3091');
  const otherBuild = version('10.0.26100.33296', '2026-08-11T00:00:00Z');
  const all = [november, january, otherBuild, version('10.0.20348.2762'), {}];
  expect(monthsBehind(november, all)).toBe(2);
  expect(monthsBehind(january, all)).toBe(0);
  expect(monthsBehind(otherBuild, all)).toBe(0);
  expect(monthsBehind(november, [])).toBe(0);
});

test('an out-of-band update of the same month is newer, yet no month', () => {
  expect(monthsBehind(version('10.0.20348.2527'), [version('10.0.20348.2529')])).toBe(0);
});

test('where the table ends, the time at which an image was made tells its month', () => {
  const newest = version('10.0.26100.40000', '2026-11-10T04:00:00Z');
  expect(monthsBehind(version('10.0.26100.33296', '2026-09-01T00:00:00Z'), [newest])).toBe(3);
  const old = version('10.0.27000.1', '2026-08-11T00:00:00Z');
  expect(monthsBehind(old, [version('10.0.27000.2', '2026-10-13T00:00:00Z')])).toBe(2);
  // Made later, though it is older: a clock that was wrong.
  expect(monthsBehind(old, [version('10.0.27000.2', '2020-01-01T00:00:00Z')])).toBe(0);
});

test('nothing is said where neither is known, or there is no Windows version', () => {
  const newest = version('10.0.26100.40000');
  expect(monthsBehind(version('10.0.26100.33296'), [newest])).toBeUndefined();
  expect(monthsBehind(version('10.0.26100.33296'), [{ ...newest, created: 'x' }])).toBeUndefined();
  expect(monthsBehind({}, [newest])).toBeUndefined();
  expect(monthsBehind(version('x'), [newest])).toBeUndefined();
});
