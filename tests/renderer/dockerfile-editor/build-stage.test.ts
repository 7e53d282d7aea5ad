import { expect, test } from 'vitest';
import { stageTag } from '../../../renderer/features/dockerfile-editor/build-stage.ts';

test('a stage is tagged beside the image, not in its place', () => {
  expect(stageTag('app:latest', 'build')).toBe('app:stage-build');
  expect(stageTag('localhost:5000/app', '0')).toBe('localhost:5000/app:stage-0');
  expect(stageTag('app@sha256:00', 'x')).toBe('app:stage-x');
  expect(stageTag(' ', 'x')).toBe('');
});
