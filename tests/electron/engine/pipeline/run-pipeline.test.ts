import { describe, expect, test } from 'vitest';
import {
  pipelineStatus,
  runPipeline,
  type PipelineBuilds,
} from '../../../../electron/engine/pipeline/run-pipeline.ts';
import { buildRequestSchema } from '../../../../shared/ipc/build-request.ts';
import type { BuildSummary } from '../../../../shared/ipc/build-views.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';

const manifestDigest = `sha256:${'0'.repeat(64)}` as Digest;

/** Builds that end when the test says so. */
function controlledBuilds() {
  const running = new Map<string, (end: 'built' | 'failed' | 'cancelled') => void>();
  const begun: string[] = [];
  let most = 0;
  const settled = new Map<string, Promise<BuildSummary>>();
  const builds: PipelineBuilds = {
    start({ contextDir }) {
      begun.push(contextDir);
      const { promise, resolve } = Promise.withResolvers<BuildSummary>();
      settled.set(contextDir, promise);
      running.set(contextDir, end => {
        running.delete(contextDir);
        resolve(summaryOf(contextDir, end));
      });
      most = Math.max(most, running.size);
      return contextDir;
    },
    settled: async buildId => (await settled.get(buildId)) ?? summaryOf(buildId, 'failed'),
    cancel(buildId) {
      running.get(buildId)?.('cancelled');
      return true;
    },
  };
  /** Lets everything run that can, so that what has begun is known. */
  const turn = async () => {
    for (let at = 0; at < 20; at++) await Promise.resolve();
  };
  const end = async (image: string, how: 'built' | 'failed' = 'built') => {
    running.get(image)?.(how);
    await turn();
  };
  return { builds, begun, end, turn, most: () => most };
}

function summaryOf(buildId: string, end: 'built' | 'failed' | 'cancelled'): BuildSummary {
  const common = {
    buildId,
    contextDir: '',
    dockerfile: '',
    tags: [],
    backend: 'portable',
    startedAt: 0,
    steps: 0,
    cachedSteps: 0,
    logLines: 0,
  } as const;
  if (end === 'built') {
    const result = {
      manifestDigest,
      configDigest: manifestDigest,
      tags: [],
      layers: 1,
      durationMs: 1,
    };
    return { ...common, status: 'succeeded', result };
  }
  return end === 'failed'
    ? { ...common, status: 'failed', failure: { code: 'base-missing', reference: 'x' } }
    : { ...common, status: 'cancelled' };
}

function imagesOf(needs: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(needs).map(([image, dependsOn]) => ({
    image,
    dependsOn,
    request: buildRequestSchema.parse({ contextDir: image }),
  }));
}

const diamond = imagesOf({
  base: [],
  other: [],
  left: ['base'],
  right: ['base'],
  top: ['left', 'right'],
});

function start(failFast = true, jobs = 8, signal?: AbortSignal, images = diamond) {
  const control = controlledBuilds();
  const told: string[] = [];
  const onChange = (image: string, { kind }: { readonly kind: string }) =>
    void told.push(`${image} ${kind}`);
  const done = runPipeline(images, { builds: control.builds, jobs, failFast, onChange }, signal);
  return { ...control, told, done };
}

describe('a pipeline', () => {
  test('begins each image as soon as all that it needs is built', async () => {
    const { begun, done, end, told, turn } = start();
    await turn();
    expect(begun).toEqual(['base', 'other']);
    await end('base');
    expect(begun).toEqual(['base', 'other', 'left', 'right']);
    await end('right');
    expect(begun).not.toContain('top');
    await end('left');
    await end('top');
    await end('other');
    const states = await done;
    expect(pipelineStatus(states.values())).toBe('succeeded');
    expect(told.filter(line => line.startsWith('top'))).toEqual(['top running', 'top built']);
  });

  test('never builds more side by side than it may', async () => {
    const { done, end, most, turn } = start(true, 1);
    await turn();
    for (const image of ['base', 'other', 'left', 'right', 'top']) await end(image);
    await done;
    expect(most()).toBe(1);
  });

  test('stops everything at the first failure, and says for what', async () => {
    const { begun, done, end, turn } = start();
    await turn();
    await end('base', 'failed');
    const states = await done;
    expect(Object.fromEntries([...states].map(([image, { kind }]) => [image, kind]))).toEqual({
      base: 'failed',
      other: 'stopped',
      left: 'stopped',
      right: 'stopped',
      top: 'stopped',
    });
    expect(states.get('left')).toMatchObject({ because: 'base' });
    expect(begun).toEqual(['base', 'other']);
    expect(pipelineStatus(states.values())).toBe('failed');
  });

  test('goes on with what does not need the failed one, where it may', async () => {
    const { done, end, turn } = start(false);
    await turn();
    await end('base');
    await end('left', 'failed');
    await end('right');
    await end('other');
    const states = await done;
    expect(states.get('right')?.kind).toBe('built');
    expect(states.get('other')?.kind).toBe('built');
    expect(states.get('top')).toMatchObject({ kind: 'stopped', because: 'left' });
  });

  test('says of each stopped image which failure it was, where several fail', async () => {
    const images = imagesOf({ first: [], second: [], middle: ['second'], last: ['middle'] });
    const { done, end, turn } = start(false, 8, undefined, images);
    await turn();
    await end('first', 'failed');
    await end('second', 'failed');
    const states = await done;
    expect(states.get('middle')).toMatchObject({ kind: 'stopped', because: 'second' });
    expect(states.get('last')).toMatchObject({ kind: 'stopped', because: 'second' });
  });

  test('stops what runs when it is cancelled, and begins nothing more', async () => {
    const controller = new AbortController();
    const { begun, done, turn } = start(true, 8, controller.signal);
    await turn();
    controller.abort();
    const states = await done;
    expect(begun).toEqual(['base', 'other']);
    expect(pipelineStatus(states.values())).toBe('cancelled');
  });

  test('a build that cannot be started fails its image', async () => {
    const { builds } = controlledBuilds();
    const broken: PipelineBuilds = {
      ...builds,
      start() {
        throw new Error('no disk');
      },
    };
    const options = { builds: broken, jobs: 1, failFast: true, onChange: () => undefined };
    const states = await runPipeline(imagesOf({ a: [] }), options);
    expect(states.get('a')).toMatchObject({ kind: 'failed', failure: { code: 'bug' } });
  });
});
