import { expect, test } from 'vitest';
import { composeProblems } from '../../../renderer/features/images/compose-rows.ts';
import { plannedWords } from '../../../renderer/features/images/image-rows.ts';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';

const digest = sha256Digest('a'.repeat(64));

function image(reference: string, part: Partial<ImageSummary> = {}): ImageSummary {
  return {
    reference,
    manifestDigest: digest,
    os: 'windows',
    architecture: 'amd64',
    osVersion: '10.0.20348.1',
    layers: 1,
    size: 1,
    uniqueSize: 1,
    sample: false,
    ...part,
  };
}

test('images for different Windows versions or processors fit into one index', () => {
  const images = [
    image('a'),
    image('b', { osVersion: '10.0.26100.1' }),
    image('c', { architecture: 'arm64' }),
  ];
  expect(composeProblems(images)).toEqual([]);
});

test('what does not fit is said with its name', () => {
  const { osVersion: _, ...without } = image('old');
  const problems = composeProblems([image('a'), image('b'), without, image('l', { os: 'linux' })]);
  expect(problems).toEqual([
    'b and a are both for Windows 10.0.20348.1 on amd64; hosts could not tell them apart.',
    'old does not say its os.version, so no host could choose it.',
    'l is an image for linux, not for Windows.',
    'l and a are both for Windows 10.0.20348.1 on amd64; hosts could not tell them apart.',
  ]);
});

test('a plan is told in one sentence', () => {
  const upload = (action: 'present' | 'mount' | 'upload' | 'skip-foreign') => ({
    action,
    descriptor: { digest, mediaType: 'x', size: 5 },
  });
  const plan = { target: 'x', descriptor: { digest }, uploadBytes: 1500, notes: [] };
  const blobs = [upload('upload'), upload('present'), upload('mount'), upload('skip-foreign')];
  expect(plannedWords({ ...plan, blobs, manifests: [upload('upload')] })).toBe(
    '2 blobs, 1.50 kB would be sent; 1 there already; 1 mounted from another repository; 1 foreign, left to their own addresses.',
  );
  expect(plannedWords({ ...plan, blobs: [], manifests: [] })).toBe('Nothing would be sent.');
});
