import { expect, test } from 'vitest';
import { createPipelines, latestRun } from '../../../renderer/stores/pipelines.ts';
import type { PipelineRunView } from '../../../shared/ipc/pipeline-views.ts';
import { memoryApi, turns } from '../support/memory-api.ts';

const run = (pipelineId: string, status: PipelineRunView['status']): PipelineRunView => ({
  pipelineId,
  file: 'ZPipeline.yaml',
  status,
  images: [],
});
const request = {
  file: 'ZPipeline.yaml',
  backend: 'auto',
  compression: 'gzip',
  timestamps: 'normalize',
  noCache: false,
} as const;

test('runs of before are asked for when the window is connected, the newest counts', async () => {
  const api = memoryApi({ 'pipeline.list': () => [run('2', 'failed'), run('1', 'succeeded')] });
  const store = createPipelines(api);
  api.connection('connected');
  await turns();
  expect(latestRun(store.getState(), 'ZPipeline.yaml')?.pipelineId).toBe('2');
  expect(latestRun(store.getState(), 'other')).toBeUndefined();
});

test('what was told before the answer of the start counts more than the answer', async () => {
  const api = memoryApi({
    'pipeline.start': () => {
      api.tell('pipeline.changed', run('1', 'failed'));
      return run('1', 'running');
    },
  });
  const store = createPipelines(api);
  await store.getState().start(request);
  expect(latestRun(store.getState(), 'ZPipeline.yaml')?.status).toBe('failed');
});
