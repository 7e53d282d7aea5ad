import { expect, test } from 'vitest';
import {
  compareOsVersions,
  describeBuild,
  formatOsVersion,
  parseOsVersion,
  releaseOfImage,
  windowsReleases,
} from '../../../shared/windows/builds.ts';

test('a version is read with and without a revision, and written back', () => {
  expect(parseOsVersion('10.0.20348.5386')).toEqual({
    major: 10,
    minor: 0,
    build: 20348,
    revision: 5386,
  });
  expect(parseOsVersion('10.0.17763')).toEqual({ major: 10, minor: 0, build: 17763 });
  expect(formatOsVersion({ major: 10, minor: 0, build: 1, revision: 2 })).toBe('10.0.1.2');
});

test.each(['', '10.0', '10.0.x', '10.0.20348.', '10.0.20348.1.2', ' 10.0.1', '10.0.9999999999'])(
  '%j is not a version',
  text => {
    expect(parseOsVersion(text)).toBeUndefined();
  },
);

test('versions are ordered by number, not by text', () => {
  const sorted = ['10.0.20348.10', '10.0.9200', '10.0.20348', '10.0.20348.9']
    .flatMap(text => parseOsVersion(text) ?? [])
    .sort(compareOsVersions)
    .map(formatOsVersion);
  expect(sorted).toEqual(['10.0.9200', '10.0.20348', '10.0.20348.9', '10.0.20348.10']);
});

test('an image is named after the server release of its build', () => {
  expect(releaseOfImage('10.0.26100.33158')).toMatchObject({
    name: 'Windows Server 2025',
    channel: 'ltsc',
    imageTag: 'ltsc2025',
    mainstreamEnds: '2029-11-13',
    supportEnds: '2034-11-14',
  });
  expect(releaseOfImage('10.0.25398.1')).toMatchObject({
    name: 'Windows Server, version 23H2',
    channel: 'annual',
  });
  expect(releaseOfImage('10.0.12345.1')).toBeUndefined();
});

test('builds are told in words', () => {
  expect(describeBuild(26100, 'client')).toBe('Windows 11, version 24H2 (build 26100)');
  expect(describeBuild(17763, 'server')).toBe('Windows Server 2019 (build 17763)');
  expect(describeBuild(26404, 'server')).toBe('build 26404');
});

test('the table is ordered, without doublets, and its dates are days in order', () => {
  const keys = windowsReleases.map(({ build, edition }) => `${build} ${edition}`);
  expect(new Set(keys).size).toBe(keys.length);
  const builds = windowsReleases.map(({ build }) => build);
  expect(builds).toEqual(builds.toSorted((one, other) => one - other));
  for (const { released, mainstreamEnds, supportEnds } of windowsReleases) {
    const days = [released, mainstreamEnds ?? released, supportEnds];
    expect(days).toEqual(days.toSorted());
    for (const day of days) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
  }
});
