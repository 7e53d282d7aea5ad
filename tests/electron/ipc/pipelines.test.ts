import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPipelines } from '../../../electron/ipc/pipelines.ts';
import { AppError } from '../../../shared/failure.ts';
import type { PipelineRunView } from '../../../shared/ipc/pipeline-views.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'layerwright-pipelines-'));
});
afterEach(() => rm(dir, { recursive: true }));

const choice = {
  backend: 'portable',
  compression: 'gzip',
  noCache: false,
  timestamps: 'normalize',
} as const;

/** Every build is cancelled as soon as it is told to. */
function pipelines(allowed: string) {
  const told: PipelineRunView[] = [];
  const ends = new Map<string, () => void>();
  const begun: string[] = [];
  const made = createPipelines({
    builds: {
      start: ({ dockerfile = '' }) => {
        begun.push(dockerfile);
        return dockerfile;
      },
      settled: async buildId => {
        await new Promise<void>(resolve => ends.set(buildId, resolve));
        return { buildId, status: 'cancelled' } as BuildSummary;
      },
      cancel: buildId => {
        ends.get(buildId)?.();
        return true;
      },
    },
    events: { emit: (_event, payload) => void told.push(payload as PipelineRunView) },
    checkPaths: async ({ dockerfile = '' }) => {
      await Promise.resolve();
      if (!dockerfile.startsWith(allowed))
        throw new AppError({ code: 'path-refused', path: dockerfile, allowed: [allowed] });
    },
  });
  return { ...made, told, begun };
}

test('a pipeline that is stopped tells so, and is remembered', async () => {
  await writeFile(
    path.join(dir, 'ZPipeline.yaml'),
    'images:\n  a: { file: A }\n  b: { file: B, depends_on: [a] }\n',
  );
  const made = pipelines(dir);
  const { begun, told } = made;
  expect(
    (await made.plan(dir, 'ZPipeline.yaml')).images.map(({ image, wave }) => [image, wave]),
  ).toEqual([
    ['a', 0],
    ['b', 1],
  ]);
  const { pipelineId, status } = await made.start(dir, 'ZPipeline.yaml', choice);
  expect(status).toBe('running');
  await expect.poll(() => told.at(-1)?.images[0]?.state.kind).toBe('running');
  made.cancel(pipelineId);
  await expect.poll(() => told.at(-1)?.status).toBe('cancelled');
  expect(begun).toEqual([path.join(dir, 'A')]);
  expect(made.list().map(run => run.status)).toEqual(['cancelled']);
});

test('a pipeline cannot lead out of what was opened', async () => {
  await writeFile(
    path.join(dir, 'ZPipeline.yaml'),
    'images:\n  a: { file: ../../../etc/passwd }\n',
  );
  const made = pipelines(dir);
  await expect(made.start(dir, 'ZPipeline.yaml', choice)).rejects.toMatchObject({
    failure: { code: 'path-refused' },
  });
  expect([made.begun, made.list()]).toEqual([[], []]);
});

test('a faulty pipeline is not begun', async () => {
  await writeFile(path.join(dir, 'ZPipeline.yaml'), 'images:\n  a: { fil: x }\n');
  await expect(pipelines(dir).start(dir, 'ZPipeline.yaml', choice)).rejects.toMatchObject({
    failure: { code: 'dockerfile-invalid', problems: [{ range: { start: { line: 1 } } }, {}] },
  });
});
