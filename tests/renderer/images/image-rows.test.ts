import { describe, expect, test } from 'vitest';
import { sha256Digest } from '../../../shared/oci/digest.ts';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import {
  imageName,
  matchesImage,
  platformOf,
  suggestedFile,
} from '../../../renderer/features/images/image-rows.ts';

const image: ImageSummary = {
  reference: 'registry.example:5000/team/app:1.0',
  manifestDigest: sha256Digest('ab'.repeat(32)),
  os: 'windows',
  architecture: 'amd64',
  osVersion: '10.0.20348.2700',
  layers: 3,
  size: 100,
  uniqueSize: 10,
  sample: false,
};

describe('the name of an image', () => {
  test.each([
    ['app', { place: '', last: 'app' }],
    ['app:1.0', { place: '', last: 'app', tag: '1.0' }],
    ['localhost:5000/app', { place: 'localhost:5000/', last: 'app' }],
    ['localhost:5000/app:1', { place: 'localhost:5000/', last: 'app', tag: '1' }],
    ['app@sha256:ab', { place: '', last: 'app', tag: 'sha256:ab' }],
  ])('%s is split at its tag', (reference, name) => {
    expect(imageName(reference)).toEqual(name);
  });

  test.each([
    ['registry.example:5000/team/app:1.0', 'app-1.0.tar'],
    ['../../etc/passwd', 'passwd.tar'],
    ['evil\u202e/..', 'image.tar'],
    ['///', 'image.tar'],
  ])('%j makes the file name %s', (reference, file) => {
    expect(suggestedFile(reference, '.tar')).toBe(file);
  });
});

test('a filter looks for every word in name, digest and platform', () => {
  expect(matchesImage(image, '')).toBe(true);
  expect(matchesImage(image, 'TEAM 20348')).toBe(true);
  expect(matchesImage(image, 'abab')).toBe(true);
  expect(matchesImage(image, 'team sample')).toBe(false);
  expect(matchesImage({ ...image, sample: true }, 'team sample')).toBe(true);
});

test('an index names all of its platforms', () => {
  const children = [
    { platform: 'windows/amd64', manifestDigest: image.manifestDigest, missing: false },
    { platform: 'windows/arm64', manifestDigest: image.manifestDigest, missing: false },
  ];
  expect(platformOf({ ...image, children })).toBe('windows/amd64, windows/arm64');
  expect(platformOf(image)).toBe('windows 10.0.20348.2700, amd64');
});
