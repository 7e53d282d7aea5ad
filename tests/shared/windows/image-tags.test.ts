import { describe, expect, test } from 'vitest';
import { compareTags, readTag } from '../../../shared/windows/image-tags.ts';

describe('the name of a tag', () => {
  test.each([
    ['ltsc2022', { build: 20_348 }],
    ['LTSC2025-amd64', { build: 26_100, architecture: 'amd64' }],
    ['10.0.20348.5386', { build: 20_348, osVersion: '10.0.20348.5386' }],
    ['10.0.17763.1-arm64', { build: 17_763, osVersion: '10.0.17763.1', architecture: 'arm64' }],
    ['8.0-nanoserver-1809', { build: 17_763 }],
    ['4.8-windowsservercore-ltsc2019', { build: 17_763 }],
    ['latest', {}],
    ['1.10', {}],
    ['10.0.20348', {}],
  ])('%s says %j', (tag, meaning) => {
    expect(readTag(tag)).toEqual(meaning);
  });

  test('puts what one looks for first', () => {
    const tags = [
      '1.9',
      '10.0.20348.99',
      'ltsc2022',
      '10.0.26100.1',
      '1.10',
      'latest',
      '10.0.20348.100',
      'ltsc2025',
    ];
    expect(tags.toSorted(compareTags)).toEqual([
      'latest',
      'ltsc2025',
      'ltsc2022',
      '10.0.26100.1',
      '10.0.20348.100',
      '10.0.20348.99',
      '1.10',
      '1.9',
    ]);
  });
});
