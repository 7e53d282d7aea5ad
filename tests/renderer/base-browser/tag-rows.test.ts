import { describe, expect, test } from 'vitest';
import {
  anyTag,
  filterTags,
  fromReference,
  valuesOf,
} from '../../../renderer/features/base-browser/base-rows.ts';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';

function tag(name: string, part: Partial<BaseTag> = {}): BaseTag {
  return {
    reference: `mcr.microsoft.com/windows/nanoserver:${name}`,
    tag: name,
    architecture: 'amd64',
    pinned: false,
    manifestDigest: sha256Digest('1'.repeat(64)),
    pinDigest: sha256Digest('2'.repeat(64)),
    layers: 1,
    size: 100,
    downloadBytes: 0,
    local: true,
    verdict: { kind: 'unknown', reason: 'test' },
    ...part,
  };
}

const tags = [
  tag('ltsc2025', { channel: 'ltsc2025', osVersion: '10.0.26100.1' }),
  tag('ltsc2022', { channel: 'ltsc2022', osVersion: '10.0.20348.2' }),
  tag('10.0.20348.2', { channel: 'ltsc2022', osVersion: '10.0.20348.2', pinned: true }),
  tag('ltsc2022-arm64', { channel: 'ltsc2022', architecture: 'arm64' }),
];

const names = (filter: Partial<typeof anyTag>) =>
  filterTags(tags, { ...anyTag, ...filter }).map(each => each.tag);

describe('filtering tags', () => {
  test('without a filter keeps all in their order', () => {
    expect(names({})).toEqual(['ltsc2025', 'ltsc2022', '10.0.20348.2', 'ltsc2022-arm64']);
  });

  test('takes every word, in tags and versions, whatever the case', () => {
    expect(names({ text: 'LTSC 20348' })).toEqual(['ltsc2022']);
  });

  test('combines channel, architecture and pin', () => {
    expect(names({ channel: 'ltsc2022', pin: 'floating' })).toEqual(['ltsc2022', 'ltsc2022-arm64']);
    expect(names({ architecture: 'arm64' })).toEqual(['ltsc2022-arm64']);
    expect(names({ pin: 'pinned' })).toEqual(['10.0.20348.2']);
  });
});

test('the values of a filter are those that occur, once and sorted', () => {
  expect(valuesOf(tags, 'channel')).toEqual(['ltsc2022', 'ltsc2025']);
});

test('a digest is put behind the tag, and is the one to pin', () => {
  expect(fromReference(tags[0]!, 'digest')).toBe(
    `mcr.microsoft.com/windows/nanoserver:ltsc2025@${'sha256:' + '2'.repeat(64)}`,
  );
});
