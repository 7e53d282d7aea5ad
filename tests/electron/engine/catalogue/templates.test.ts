import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyTemplate, listTemplates } from '../../../../electron/engine/catalogue/templates.ts';

const templatesDir = path.resolve(import.meta.dirname, '../../../../resources/templates');
let projectDir: string;

beforeEach(async () => {
  projectDir = await mkdtemp(path.join(tmpdir(), 'layerwright-templates-'));
});
afterEach(() => rm(projectDir, { recursive: true }));

test('the template that fits the files of the folder stands first and says why', async () => {
  await writeFile(path.join(projectDir, 'package.json'), '{}');
  const [first, ...others] = await listTemplates(templatesDir, projectDir);
  expect(first).toMatchObject({ template: 'node-app', detected: 'package.json' });
  expect(others.every(template => template.detected === undefined)).toBe(true);
});

test('a template is written whole', async () => {
  await applyTemplate(templatesDir, 'static-site', projectDir);
  expect((await readdir(projectDir)).toSorted()).toEqual(['.dockerignore', 'Dockerfile']);
});

test('an existing Dockerfile is never overwritten', async () => {
  await writeFile(path.join(projectDir, 'Dockerfile'), 'FROM mine');
  await expect(applyTemplate(templatesDir, 'static-site', projectDir)).rejects.toMatchObject({
    failure: { code: 'file-exists', path: path.join(projectDir, 'Dockerfile') },
  });
  expect(await readFile(path.join(projectDir, 'Dockerfile'), 'utf8')).toBe('FROM mine');
  expect(await readdir(projectDir)).toEqual(['Dockerfile']);
});

test('an existing .dockerignore is kept beside a new Dockerfile', async () => {
  await writeFile(path.join(projectDir, '.dockerignore'), 'mine');
  await applyTemplate(templatesDir, 'nanoserver-exe', projectDir);
  expect(await readFile(path.join(projectDir, '.dockerignore'), 'utf8')).toBe('mine');
});

test.each(['../templates', 'none', ''])('%j is no template', async template => {
  await expect(applyTemplate(templatesDir, template, projectDir)).rejects.toMatchObject({
    failure: { code: 'bad-request', field: 'template' },
  });
});
