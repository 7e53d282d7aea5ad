import { expect, test } from 'vitest';
import {
  convertFile,
  dockerfileFor,
} from '../../../renderer/features/dockerfile-editor/convert-file.ts';
import {
  isYamlFile,
  yamlProblems,
} from '../../../renderer/features/dockerfile-editor/language/yaml-problems.ts';
import { createProject } from '../../../renderer/stores/project.ts';
import type { App } from '../../../renderer/app/context.tsx';
import type { Stores } from '../../../renderer/stores/stores.ts';
import { AppError } from '../../../shared/failure.ts';
import { memoryApi, turns } from '../support/memory-api.ts';

test('a ZImagefile and a ZPipeline are told by their names, and have problems of their own', () => {
  expect(
    ['ZImagefile.web', 'a/ZPipeline.yaml', 'Dockerfile', '.dockerignore'].map(isYamlFile),
  ).toEqual([true, true, false, false]);
  const [problem] = yamlProblems('ZImagefile', 'base: a\nos: linux\n');
  expect(problem).toMatchObject({ severity: 'error', range: { start: { line: 1, character: 4 } } });
  const cycle = yamlProblems('ZPipeline.yaml', 'images: { a: { file: x, depends_on: [a] } }\n');
  expect(cycle[0]?.message).toContain('a needs a');
});

test.each([
  ['ZImagefile', 'Dockerfile'],
  ['web/ZImagefile.db', 'web/Dockerfile.db'],
  ['web/shop.zimagefile', 'web/shop.dockerfile'],
])('%s becomes %s', (file, made) => {
  expect(dockerfileFor(file)).toBe(made);
});

function appWith(text: string, isThere = false) {
  const project = { dir: '/p', name: 'p', files: ['ZImagefile'], suggestedTag: '', sample: false };
  const api = memoryApi({
    'project.current': () => ({ project }),
    'file.read': ({ file }) => ({ file, text, version: '1' }),
    'file.write': ({ file }) => {
      if (isThere) throw new AppError({ code: 'file-changed', file });
      return { version: '2' };
    },
  });
  const stores = { project: createProject(api) } as unknown as Stores;
  return { api, app: { api, stores } as unknown as App, project: stores.project };
}

test('a ZImagefile is written as a new Dockerfile, and that is opened', async () => {
  const { api, app, project } = appWith('base: a\ncmd: b\n');
  await project.getState().load();
  await turns();
  await convertFile(app, 'ZImagefile');
  expect(api.asked.find(({ channel }) => channel === 'file.write')?.input).toMatchObject({
    file: 'Dockerfile',
    version: '',
    text: '# escape=`\n\nFROM a\nCMD b\n',
  });
  expect(project.getState().currentFile).toBe('Dockerfile');
});

test('a Dockerfile that is there already is named and kept', async () => {
  const { app, project } = appWith('base: a\n', true);
  await project.getState().load();
  await turns();
  await expect(convertFile(app, 'ZImagefile')).rejects.toMatchObject({
    failure: { code: 'file-exists', path: 'Dockerfile' },
  });
});
