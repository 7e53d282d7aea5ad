import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/failure.ts';
import type { ProjectView } from '../../../shared/ipc/app-views.ts';
import { buildRequestOf } from '../../../renderer/stores/build-request.ts';
import { openProject, createProject } from '../../../renderer/stores/project.ts';
import { defaultSettings } from '../../../renderer/stores/settings.ts';
import { memoryApi, type Answers } from '../support/memory-api.ts';

const app: ProjectView = {
  dir: '/app',
  name: 'app',
  files: ['Dockerfile', '.dockerignore'],
  suggestedTag: 'app:latest',
  sample: false,
};

/** A host with one Dockerfile on its disk. */
function host(more: Answers = {}) {
  const disk = { text: 'FROM a', version: 'v1', draft: undefined as string | undefined };
  const api = memoryApi({
    'project.current': () => ({ project: app }),
    'project.close': () => null,
    'file.read': ({ file }) => ({
      file,
      text: disk.text,
      version: disk.version,
      ...(disk.draft === undefined ? {} : { draft: disk.draft }),
    }),
    'file.write': ({ text, version }) => {
      if (version !== disk.version) {
        throw new AppError({ code: 'file-changed', file: 'Dockerfile' });
      }
      disk.text = text;
      disk.version = `${version}+`;
      return { version: disk.version };
    },
    'file.saveDraft': ({ text }) => {
      disk.draft = text;
      return null;
    },
    'file.discardDraft': () => {
      disk.draft = undefined;
      return null;
    },
    ...more,
  });
  return { api, disk };
}

async function opened(more: Answers = {}) {
  const { api, disk } = host(more);
  const project = createProject(api);
  await project.getState().load();
  await vi.runAllTimersAsync();
  const file = () => project.getState().files.get('Dockerfile');
  return { api, disk, project, file, state: () => project.getState() };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a project that is opened', () => {
  test('shows its Dockerfile and suggests its tag', async () => {
    const { state, file } = await opened();
    expect(state()).toMatchObject({ currentFile: 'Dockerfile', tag: 'app:latest' });
    expect(file()).toMatchObject({ kind: 'ready', value: { saved: 'FROM a', version: 'v1' } });
  });

  test('shows the draft that an earlier session left', async () => {
    const { api, disk } = host();
    disk.draft = 'FROM draft';
    const project = createProject(api);
    await project.getState().load();
    await vi.runAllTimersAsync();
    expect(project.getState().files.get('Dockerfile')).toMatchObject({
      value: { saved: 'FROM a', draft: 'FROM draft' },
    });
  });

  test('keeps the tag that was typed when its list of files changes', async () => {
    const { api, state } = await opened();
    state().setTag('mine:1');
    api.tell('project.changed', { project: { ...app, files: ['Dockerfile', 'b.Dockerfile'] } });
    expect(state().tag).toBe('mine:1');
  });

  test('is forgotten when it is closed', async () => {
    const { state } = await opened();
    await state().close();
    expect(state()).toMatchObject({ project: { kind: 'ready' }, tag: '' });
    expect(state().files.size).toBe(0);
    expect(() => openProject(state())).toThrow('No folder is open');
  });
});

describe('what is typed', () => {
  test('is kept as a draft after a pause, once', async () => {
    const { api, disk, state } = await opened();
    state().edit('Dockerfile', 'FROM b');
    state().edit('Dockerfile', 'FROM bc');
    expect(disk.draft).toBeUndefined();
    await vi.runAllTimersAsync();
    expect(disk.draft).toBe('FROM bc');
    expect(api.asked.filter(({ channel }) => channel === 'file.saveDraft')).toHaveLength(1);
  });

  test('is kept at once when the window goes away', async () => {
    const { disk, state } = await opened();
    state().edit('Dockerfile', 'FROM b');
    state().keepDrafts();
    await Promise.resolve();
    await Promise.resolve();
    expect(disk.draft).toBe('FROM b');
  });

  test('is kept when another folder is opened', async () => {
    const other = { ...app, dir: '/other', files: [] };
    const { disk, state } = await opened({ 'project.open': () => other });
    state().edit('Dockerfile', 'FROM b');
    await state().open('/other');
    expect(disk.draft).toBe('FROM b');
  });

  test('is no draft any more when it is typed back', async () => {
    const { disk, state, file } = await opened();
    state().edit('Dockerfile', 'FROM b');
    await vi.runAllTimersAsync();
    state().edit('Dockerfile', 'FROM a');
    await vi.runAllTimersAsync();
    expect(disk.draft).toBeUndefined();
    expect(file()).toEqual({
      kind: 'ready',
      value: { file: 'Dockerfile', saved: 'FROM a', version: 'v1' },
    });
  });

  test('is written by save, and its draft is gone', async () => {
    const { disk, state, file } = await opened();
    state().edit('Dockerfile', 'FROM b');
    await state().save('Dockerfile');
    await vi.runAllTimersAsync();
    expect(disk).toEqual({ text: 'FROM b', version: 'v1+', draft: undefined });
    expect(file()).toMatchObject({ value: { saved: 'FROM b', version: 'v1+' } });
  });

  test('while it is being saved stays a draft', async () => {
    const { state, file } = await opened();
    state().edit('Dockerfile', 'FROM b');
    const saving = state().save('Dockerfile');
    state().edit('Dockerfile', 'FROM bc');
    await saving;
    expect(file()).toMatchObject({ value: { saved: 'FROM b', draft: 'FROM bc' } });
  });

  test('is not written over a file that changed meanwhile', async () => {
    const { api, disk, state, file } = await opened();
    state().edit('Dockerfile', 'FROM mine');
    Object.assign(disk, { text: 'FROM theirs', version: 'v2' });
    api.tell('project.changed', { project: app });
    await vi.runAllTimersAsync();
    await expect(state().save('Dockerfile')).rejects.toThrow('Cancelled');
    expect(state().conflict).toBe('Dockerfile');
    expect(disk.text).toBe('FROM theirs');
    expect(file()).toMatchObject({ value: { draft: 'FROM mine' } });
    await state().resolveConflict('disk');
    expect(state().conflict).toBeUndefined();
    expect(file()).toEqual({
      kind: 'ready',
      value: { file: 'Dockerfile', saved: 'FROM theirs', version: 'v2' },
    });
  });

  test('is written over what another program wrote only when that is chosen', async () => {
    const { disk, state, file } = await opened();
    state().edit('Dockerfile', 'FROM mine');
    Object.assign(disk, { text: 'FROM theirs', version: 'v2' });
    await expect(state().saveAll()).rejects.toThrow('Cancelled');
    await state().resolveConflict('both');
    expect(disk.text).toBe('FROM theirs');
    await expect(state().save('Dockerfile')).rejects.toThrow('Cancelled');
    await state().resolveConflict('draft');
    expect(disk.text).toBe('FROM mine');
    expect(file()).toMatchObject({ value: { saved: 'FROM mine', version: 'v2+' } });
  });
});

test('a file that changed on disk and has no draft is shown anew', async () => {
  const { api, disk, file } = await opened();
  Object.assign(disk, { text: 'FROM theirs', version: 'v2' });
  api.tell('project.changed', { project: app });
  await vi.runAllTimersAsync();
  expect(file()).toMatchObject({ value: { saved: 'FROM theirs', version: 'v2' } });
});

describe('a build of the project', () => {
  test('takes the Dockerfile in the editor and the settings', () => {
    const project = { ...app, files: ['Dockerfile', 'api/Dockerfile', '.dockerignore'] };
    const settings = {
      ...defaultSettings,
      platform: 'windows/arm64',
      backend: 'portable' as const,
    };
    const choice = { currentFile: 'api/Dockerfile', tag: ' app:1 ', target: 'test', noCache: true };
    expect(buildRequestOf(project, settings, choice)).toEqual({
      run: settings.run,
      contextDir: '/app',
      dockerfile: '/app/api/Dockerfile',
      tags: ['app:1'],
      target: 'test',
      platform: 'windows/arm64',
      backend: 'portable',
      timestamps: 'normalize',
      compression: 'gzip',
      noCache: true,
    });
  });

  test('takes the first Dockerfile where the editor shows something else', () => {
    const choice = { currentFile: '.dockerignore', tag: '' };
    expect(buildRequestOf(app, defaultSettings, choice)).toMatchObject({
      dockerfile: '/app/Dockerfile',
      tags: [],
      noCache: false,
    });
  });
});
