import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  listTemplates,
  renderFor,
  writeTemplate,
} from '../../../../electron/engine/catalogue/templates.ts';
import { renderTemplate } from '../../../../electron/engine/catalogue/render-template.ts';
import { evaluate } from '../../../../shared/dockerfile/evaluate.ts';
import { parseDockerfile } from '../../../../shared/dockerfile/parse.ts';
import { planEveryStage } from '../../../../shared/dockerfile/plan-every-stage.ts';
import { openStage } from '../../../../shared/dockerfile/stage-state.ts';
import { lintDockerfile } from '../../../../shared/dockerfile/windows-lint.ts';
import { windowsChoices } from '../../../../shared/ipc/app-views.ts';
import { bench, builtImage, nanoserver, servercore } from '../build/build.ts';

const templatesDir = path.resolve(import.meta.dirname, '../../../../resources/templates');
const today = '2026-11-24';
let projectDir: string;

beforeEach(async () => {
  projectDir = await mkdtemp(path.join(tmpdir(), 'layerwright-templates-'));
});
afterEach(() => rm(projectDir, { recursive: true }));

const all = (await readdir(templatesDir)).toSorted();

test('the templates that fit the files of the folder stand first and say why', async () => {
  await writeFile(path.join(projectDir, 'package.json'), '{}');
  const [first, second, ...others] = await listTemplates(templatesDir, projectDir);
  expect(first).toMatchObject({ template: 'node', detected: 'package.json', needsRun: true });
  expect(first?.found?.[0]).toContain('Node.js 22');
  expect(second).toMatchObject({ template: 'node-app', detected: 'package.json', needsRun: false });
  expect(others.every(template => template.detected === undefined)).toBe(true);
});

test('docs/templates.md names every template', async () => {
  const docs = await readFile(
    path.resolve(import.meta.dirname, '../../../../docs/templates.md'),
    'utf8',
  );
  expect(all.filter(template => !docs.includes(`\`${template}\``))).toEqual([]);
});

test('a template is written whole', async () => {
  const written = await writeTemplate(await rendered('static-site'), projectDir);
  expect((await readdir(projectDir)).toSorted()).toEqual(['.dockerignore', 'Dockerfile']);
  expect(written.written.map(file => path.basename(file))).toEqual(['Dockerfile', '.dockerignore']);
});

test('an existing Dockerfile is never overwritten', async () => {
  await writeFile(path.join(projectDir, 'Dockerfile'), 'FROM mine');
  await expect(writeTemplate(await rendered('static-site'), projectDir)).rejects.toMatchObject({
    failure: { code: 'file-exists', path: path.join(projectDir, 'Dockerfile') },
  });
  expect(await readFile(path.join(projectDir, 'Dockerfile'), 'utf8')).toBe('FROM mine');
  expect(await readdir(projectDir)).toEqual(['Dockerfile']);
});

test('an existing .dockerignore is kept beside a new Dockerfile', async () => {
  await writeFile(path.join(projectDir, '.dockerignore'), 'mine');
  const { kept } = await writeTemplate(await rendered('nanoserver-exe'), projectDir);
  expect(kept).toEqual([path.join(projectDir, '.dockerignore')]);
  expect(await readFile(path.join(projectDir, '.dockerignore'), 'utf8')).toBe('mine');
});

test('replacing loses nothing: what was there gets a name that is free', async () => {
  await writeFile(path.join(projectDir, 'Dockerfile'), 'FROM mine');
  await writeFile(path.join(projectDir, 'Dockerfile.old'), 'FROM older');
  const { aside } = await writeTemplate(await rendered('go'), projectDir, true);
  expect(aside).toEqual([path.join(projectDir, 'Dockerfile.old.2')]);
  expect(await readFile(path.join(projectDir, 'Dockerfile.old'), 'utf8')).toBe('FROM older');
  expect(await readFile(path.join(projectDir, 'Dockerfile.old.2'), 'utf8')).toBe('FROM mine');
  expect(await readFile(path.join(projectDir, 'Dockerfile'), 'utf8')).toContain('golang:');
});

test.each(['../templates', 'none', ''])('%j is no template', async template => {
  await expect(rendered(template)).rejects.toMatchObject({
    failure: { code: 'bad-request', field: 'template' },
  });
});

test('lines with a condition stay or go, and a place without a value is a faulty template', () => {
  const text = '{{?a}}yes {{a}}\n{{!a}}no\n{{b}}';
  expect(renderTemplate(text, { a: '1', b: '2' })).toBe('yes 1\n2');
  expect(renderTemplate(text, { a: '', b: '$&' })).toBe('no\n$&');
  expect(() => renderTemplate(text, { a: '' })).toThrow('"b"');
});

describe.each(all)('the template %s', template => {
  test.each(windowsChoices)('has nothing to find fault with for %s', async windows => {
    const { files } = await rendered(template, windows);
    expect(lintDockerfile(files.Dockerfile, today)).toEqual([]);
    expect(files.Dockerfile).toContain(windows);
    expect(files.Dockerfile).not.toContain('{{');
  });

  test('is worked out to the last instruction', async () => {
    const { files } = await rendered(template);
    const findings = planEveryStage(parseDockerfile(files.Dockerfile)).flatMap(plan =>
      plan.stages.flatMap(stage => {
        let state = openStage(plan, stage, { kind: 'image', config: {} });
        return stage.instructions.flatMap(instruction => {
          const evaluation = evaluate(instruction, state);
          ({ state } = evaluation);
          return evaluation.findings;
        });
      }),
    );
    expect(findings).toEqual([]);
  });
});

const everyKind = {
  'publish/app.dll': 'dll',
  'package.json': '{"main":"index.js"}',
  'index.js': '',
  'node_modules/left-pad/index.js': '',
  'runtime/node.exe': 'exe',
  'target/app.jar': 'jar',
  'app.exe': 'exe',
  'main.ps1': 'Get-Date',
  'index.html': '<p>',
  'secret.pfx': 'key',
};

test.each([
  ['dotnet-published', ['dotnet', 'app.dll'], 'ContainerUser'],
  ['node-app', [String.raw`C:\node\node.exe`, 'index.js'], 'ContainerUser'],
  ['java-jar', ['java', '-jar', String.raw`C:\app\app.jar`], 'ContainerUser'],
  ['nanoserver-exe', [String.raw`C:\app\app.exe`], 'ContainerUser'],
  ['static-site', undefined, undefined],
])('%s is built without Windows', async (template, entrypoint, user) => {
  await using work = await bench(everyKind);
  const { files } = await renderFor(templatesDir, template, work.contextDir);
  await writeFile(path.join(work.contextDir, 'Dockerfile'), files.Dockerfile);
  await writeFile(path.join(work.contextDir, '.dockerignore'), files['.dockerignore']);
  const base = template === 'static-site' ? servercore : nanoserver;
  const { stages } = planEveryStage(parseDockerfile(files.Dockerfile))[0] ?? { stages: [] };
  const result = await work.build({
    namedContexts: Object.fromEntries(
      stages.map(({ baseText }) => [baseText, `docker-image://${base}`]),
    ),
  });
  const { config } = await builtImage(work.store, result);
  expect(config.config?.Entrypoint ?? undefined).toEqual(entrypoint);
  expect(config.config?.User || undefined).toBe(user);
});

async function rendered(template: string, windows?: (typeof windowsChoices)[number]) {
  return await renderFor(templatesDir, template, projectDir, windows);
}
