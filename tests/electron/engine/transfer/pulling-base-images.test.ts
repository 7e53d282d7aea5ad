import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { storedBaseImages } from '../../../../electron/engine/build/base-image.ts';
import { runBuild } from '../../../../electron/engine/build/run-build.ts';
import { pullingBaseImages } from '../../../../electron/engine/transfer/pulling-base-images.ts';
import type { BuildEvent } from '../../../../shared/ipc/build-events.ts';
import { buildRequestSchema, type BuildRequest } from '../../../../shared/ipc/build-request.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../support/docker-registry.ts';
import { startFaultyRegistry, type FaultyRegistry } from '../../../support/faulty-registry.ts';
import { failureFrom, newDir } from '../content/helpers.ts';
import { indexOf, lastingSite, linux, newSite, windows, type Site } from './helpers.ts';

let registry: DockerRegistry;
let faulty: FaultyRegistry;
let site: Site;
let contextDir: string;
let events: BuildEvent[];

beforeAll(async () => {
  registry = await startDockerRegistry();
  await using source = await lastingSite();
  await indexOf(source.store, ['10.0.17763.1', '10.0.20348.1']);
  await source.transfers.push({ image: 'multi:1', target: `${registry.host}/base:1` });
  return () => registry[Symbol.asyncDispose]();
});
beforeEach(async () => {
  faulty = await startFaultyRegistry(registry.url);
  onTestFinished(() => faulty[Symbol.asyncDispose]());
  site = await newSite();
  contextDir = await newDir();
  events = [];
});

async function build(
  lines: readonly string[],
  options: { readonly pull?: BuildRequest['pull']; readonly platform?: string } = {},
) {
  await writeFile(join(contextDir, 'Dockerfile'), lines.join('\n'));
  await writeFile(join(contextDir, 'app.txt'), 'app');
  const { store, transfers } = site;
  const policy = options.pull ?? 'missing';
  const stored = storedBaseImages(store);
  return await runBuild(buildRequestSchema.parse({ contextDir, ...options }), {
    store,
    baseImages: pullingBaseImages(stored, {
      store,
      transfers,
      policy,
      isLocal: host => host === 'layerwright.local',
    }),
    host: linux,
    buildPlatform: windows('10.0.20348', 'amd64'),
    environment: {},
    onEvent: event => void events.push(event),
  });
}
const from = () => [`FROM ${faulty.host}/base:1`, 'COPY app.txt C:/app.txt'];

describe('a base image that the store lacks', () => {
  test('is pulled, and told as the progress of its FROM', async () => {
    expect((await build(from())).layers).toBe(2);
    const kinds = events.flatMap(event =>
      'stepId' in event && event.stepId === '0.0' ? [event] : [],
    );
    expect(kinds.filter(({ kind }) => kind === 'step-started')).toHaveLength(1);
    expect(kinds).toContainEqual(
      expect.objectContaining({ kind: 'step-progress', phase: 'pull', unit: 'bytes' }),
    );
    const planned = events.findIndex(({ kind }) => kind === 'build-planned');
    expect(planned).toBeLessThan(events.findIndex(({ kind }) => kind === 'step-started'));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
  });

  test('is not asked for again, until another image of its index is wanted', async () => {
    await build(from());
    const before = faulty.log.length;
    await build(from());
    expect(faulty.log).toHaveLength(before);
    const platform = 'windows(10.0.17763)/amd64';
    expect((await build(from(), { platform })).layers).toBe(2);
    expect(faulty.log.length).toBeGreaterThan(before);
  });

  test('is looked for anew each time where that is asked for', async () => {
    await build(from());
    const before = faulty.log.length;
    await build(from(), { pull: 'always' });
    expect(faulty.log.slice(before).map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('is missing where nothing may be pulled', async () => {
    expect((await failureFrom(build(from(), { pull: 'never' }))).code).toBe('base-missing');
    expect(faulty.log).toEqual([]);
  });

  test('is not pulled for a build that needs Windows', async () => {
    const failure = await failureFrom(build([...from(), 'RUN dir']));
    expect(failure.code).toBe('run-needs-windows');
    expect(faulty.log).toEqual([]);
  });

  test('ends the build where the registry has no such image', async () => {
    const failure = await failureFrom(build([`FROM ${faulty.host}/nothing:1`]));
    expect(failure.code).toBe('registry-not-found');
    expect(events.at(-1)).toMatchObject({ kind: 'build-failed', failure });
  });
});
