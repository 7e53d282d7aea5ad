import { expect, test } from 'vitest';
import { nextBackend } from '../../../renderer/app/next-backend.ts';
import { buildRequestOf } from '../../../renderer/stores/build-request.ts';
import { createNextBuild } from '../../../renderer/stores/next-build.ts';
import { createProject } from '../../../renderer/stores/project.ts';
import { createSettings, defaultSettings } from '../../../renderer/stores/settings.ts';
import type { AppInfo, ProjectView } from '../../../shared/ipc/app-views.ts';
import type { BuildPlanView } from '../../../shared/ipc/build-views.ts';
import { memoryApi, turns, type MemoryApi } from '../support/memory-api.ts';

const stage = { stage: 0, base: 'nanoserver', steps: [] };
const planned: BuildPlanView = {
  stages: [stage],
  choice: { backend: 'portable', reason: 'no step runs a program, so no Windows is needed.' },
  secrets: [{ secretId: 'token', required: true }],
  findings: [],
};
const app = (dir: string) =>
  ({ dir, name: 'app', files: ['Dockerfile'] }) as unknown as ProjectView;

async function opened() {
  const disk = { text: 'FROM a', version: 'v1' };
  const api = memoryApi({
    'build.plan': () => planned,
    'file.read': ({ file }) => ({ file, ...disk }),
    'settings.set': ({ backend }) => ({ ...defaultSettings, backend: backend ?? 'auto' }),
  });
  const project = createProject(api);
  const settings = createSettings(api);
  const next = createNextBuild(api, { project, settings });
  api.tell('project.changed', { project: app('/app') });
  await turns();
  return { api, disk, next, project, settings };
}

const plans = ({ asked }: MemoryApi) => asked.filter(({ channel }) => channel === 'build.plan');

test('the next build is planned anew for another backend and another text on disk, not for a tag', async () => {
  const { api, disk, next, project, settings } = await opened();
  expect(next.getState().plan).toEqual(planned);
  const before = plans(api).length;
  project.getState().setTag('app:2');
  await turns();
  expect(plans(api)).toHaveLength(before);
  await settings.getState().change({ backend: 'hcs' });
  await turns();
  expect(plans(api)).toHaveLength(before + 1);
  expect(plans(api).at(-1)?.input).toMatchObject({ backend: 'hcs', dockerfile: '/app/Dockerfile' });
  Object.assign(disk, { text: 'FROM b', version: 'v2' });
  api.tell('project.changed', { project: app('/app') });
  await turns();
  expect(plans(api).length).toBeGreaterThan(before + 1);
});

test('secrets go into the build, and go with their folder', async () => {
  const { api, next } = await opened();
  next.getState().give('token', { env: 'TOKEN' });
  next.getState().give('key', { file: '/key' });
  next.getState().give('key', undefined);
  const { secrets } = next.getState();
  expect(buildRequestOf(app('/app'), defaultSettings, { tag: '', secrets })).toMatchObject({
    run: { isolation: 'auto', secrets: { token: { env: 'TOKEN' } } },
  });
  api.tell('project.changed', { project: app('/other') });
  expect(next.getState()).toMatchObject({ secrets: {}, plan: undefined });
});

const info = (available: boolean) =>
  ({
    backends: [
      { backend: 'portable', available: true, reason: 'Builds all but RUN.' },
      { backend: 'hcs', available, reason: available ? 'Builds everything.' : 'No containers.' },
    ],
  }) as unknown as AppInfo;

test('the status bar says what builds and why, and never hcs for what has no RUN', () => {
  expect(nextBackend(planned, info(true), 'auto')).toEqual({
    label: 'Portable backend',
    reason: 'The next build takes it: no step runs a program, so no Windows is needed.',
  });
  const { choice: _, ...without } = planned;
  expect(nextBackend(without, info(false), 'auto')).toMatchObject({
    label: 'No backend for this Dockerfile',
    reason: expect.stringContaining('No containers.') as string,
    isProblem: true,
  });
  expect(nextBackend(undefined, info(true), 'auto')?.label).toBe('Automatic backend');
  expect(nextBackend(undefined, info(false), 'auto')?.label).toBe('Portable backend');
  expect(nextBackend(undefined, info(true), 'hcs')?.label).toBe('HCS backend');
});
