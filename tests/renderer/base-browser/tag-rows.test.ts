import { describe, expect, test } from 'vitest';
import {
  anyTag,
  behindWords,
  channelOf,
  filterTags,
  fromReference,
  hasMoved,
  imagesOf,
  tagRows,
  valuesOf,
} from '../../../renderer/features/base-browser/tag-rows.ts';
import {
  placeKey,
  repositoryName,
  repositoryPlace,
} from '../../../renderer/features/base-browser/place.ts';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import type { RemoteTag } from '../../../shared/ipc/registry-views.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';

const repository = 'mcr.microsoft.com/windows/nanoserver';

function image(tag: string, part: Partial<BaseTag> = {}): BaseTag {
  return {
    reference: `${repository}:${tag}`,
    tag,
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

const rows = tagRows(
  repository,
  ['10.0.20348.2', 'ltsc2022-arm64', 'ltsc2025', 'ltsc2022', 'latest'],
  [image('mine', { osVersion: '10.0.20348.9', channel: 'ltsc2022' }), image('ltsc2022')],
);

const names = (filter: Partial<typeof anyTag>) =>
  filterTags(rows, { ...anyTag, ...filter }).map(each => each.tag);

test('tags of the registry and of the store are one list, the ones one looks for first', () => {
  expect(rows.map(({ tag, inRegistry, stored }) => [tag, inRegistry, stored.length])).toEqual([
    ['latest', true, 0],
    ['ltsc2025', true, 0],
    ['ltsc2022', true, 1],
    ['10.0.20348.2', true, 0],
    ['ltsc2022-arm64', true, 0],
    ['mine', false, 1],
  ]);
});

describe('filtering tags', () => {
  test('takes every word, in tags and versions of stored images, whatever the case', () => {
    expect(names({ text: 'LTSC 2022' })).toEqual(['ltsc2022', 'ltsc2022-arm64']);
    expect(names({ text: '20348.9' })).toEqual(['mine']);
  });

  test('combines channel, architecture and pin; a tag without architecture fits every one', () => {
    expect(names({ channel: 'ltsc2022', pin: 'floating' })).toEqual([
      'ltsc2022',
      'ltsc2022-arm64',
      'mine',
    ]);
    expect(names({ architecture: 'arm64' })).toEqual([
      'latest',
      'ltsc2025',
      '10.0.20348.2',
      'ltsc2022-arm64',
    ]);
    expect(names({ pin: 'pinned' })).toEqual(['10.0.20348.2']);
    expect(names({ pin: 'stored' })).toEqual(['ltsc2022', 'mine']);
  });
});

test('the values of a filter are those that occur, once and sorted', () => {
  expect(valuesOf(rows, 'channel')).toEqual(['ltsc2022', 'ltsc2025']);
  expect(valuesOf(rows, 'architecture')).toEqual(['amd64', 'arm64']);
  expect(rows.map(channelOf)[0]).toBeUndefined();
});

describe('what the registry says of a tag', () => {
  const [row] = tagRows(repository, ['a'], [image('a')]);
  const said: RemoteTag = {
    reference: `${repository}:a`,
    tag: 'a',
    digest: sha256Digest('3'.repeat(64)),
    isIndex: false,
    candidates: [image('a', { size: 7 })],
    otherPlatforms: [],
    storedDigest: sha256Digest('2'.repeat(64)),
  };

  test('counts more than what the store has', () => {
    expect(imagesOf(row!, { kind: 'ready', value: said })[0]?.size).toBe(7);
    expect(imagesOf(row!, { kind: 'loading' })[0]?.size).toBe(100);
  });

  test('tells whether the tag has moved since it was pulled', () => {
    expect(hasMoved({ kind: 'ready', value: said })).toBe(true);
    expect(hasMoved({ kind: 'ready', value: { ...said, digest: said.storedDigest! } })).toBe(false);
    expect(hasMoved(undefined)).toBe(false);
  });
});

test('a digest is put behind the tag', () => {
  expect(fromReference({ reference: 'a/b:1' }, 'sha256:2')).toBe('a/b:1@sha256:2');
  expect(fromReference({ reference: 'a/b:1' }, undefined)).toBe('a/b:1');
});

test('months behind are told in words', () => {
  expect([undefined, 0, 1, 5].map(behindWords)).toEqual([
    'not known',
    'newest',
    '1 month',
    '5 months',
  ]);
});

test.each([
  ['localhost:5000/team/app', 'localhost:5000', 'team/app'],
  ['localhost/app', 'localhost', 'app'],
  ['library/nginx', 'docker.io', 'library/nginx'],
  ['mcr.microsoft.com/windows/servercore', 'mcr.microsoft.com', 'windows/servercore'],
])('%s is a repository of %s', (name, registry, path) => {
  const place = repositoryPlace(name);
  expect(place).toEqual({ kind: 'repository', registry, repository: path });
  expect(repositoryName(place)).toBe(name);
  expect(placeKey(place)).toContain(path);
});
