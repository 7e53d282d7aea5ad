import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectProject } from '../../../../electron/engine/catalogue/detect/detect-project.ts';
import type { ProjectFiles } from '../../../../electron/engine/catalogue/detect/detection.ts';
import { readProject } from '../../../../electron/engine/catalogue/detect/read-project.ts';

function projectOf(files: Readonly<Record<string, string>>): ProjectFiles {
  return { paths: Object.keys(files), text: file => files[file] };
}

function first(files: Readonly<Record<string, string>>) {
  const [detection] = detectProject(projectOf(files));
  return detection;
}

const sdkProject = (target: string, more = '', sdk = 'Microsoft.NET.Sdk'): string =>
  `<Project Sdk="${sdk}"><PropertyGroup><TargetFramework>${target}</TargetFramework>${more}</PropertyGroup></Project>`;

describe('a folder is told by its files', () => {
  test.each([
    ['nothing that is known', { 'notes.txt': '' }, undefined],
    ['a package.json', { 'package.json': '{}' }, 'node'],
    ['a go.mod', { 'go.mod': 'module acme/shop\n\ngo 1.25.0\n' }, 'go'],
    ['a Cargo.toml', { 'Cargo.toml': '[package]\nname = "shop"' }, 'rust'],
    ['a pom.xml', { 'pom.xml': '<project/>' }, 'java-maven'],
    ['a build.gradle.kts', { 'build.gradle.kts': '' }, 'java-gradle'],
    ['requirements', { 'requirements.txt': 'flask' }, 'python'],
    ['a page', { 'index.html': '' }, 'static-site'],
    ['a page below public', { 'public/index.html': '' }, 'static-site'],
    ['an EXE', { 'Shop.exe': '' }, 'exe'],
    ['a script', { 'main.ps1': '' }, 'powershell'],
    ['a project of .NET', { 'src/Shop.csproj': sdkProject('net9.0') }, 'dotnet'],
    [
      'a project of .NET Framework',
      { 'Shop.csproj': '<TargetFrameworkVersion>v4.7.2<' },
      'dotnet-framework',
    ],
    [
      'a site on .NET Framework',
      {
        'Site.csproj':
          '<TargetFrameworkVersion>v4.8</TargetFrameworkVersion><Import Project="Microsoft.WebApplication.targets"/>',
      },
      'dotnet-framework-web',
    ],
    [
      '.NET with scripts of npm',
      { 'Shop.csproj': sdkProject('net9.0'), 'package.json': '{}' },
      'dotnet',
    ],
  ])('%s', (_, files, kind) => {
    expect(first(files)?.kind).toBe(kind);
  });
});

describe('versions come from where each language keeps them', () => {
  test.each([
    [{ 'package.json': '{}', '.nvmrc': 'v20.11.1' }, { node: '20.11.1' }],
    [{ 'package.json': '{}', '.nvmrc': '24' }, { node: '24.11.0' }],
    [{ 'package.json': '{"engines":{"node":">=18"}}' }, { node: '22.20.0' }],
    [{ 'package.json': '{}' }, { node: '22.20.0' }],
    [{ 'go.mod': 'module a\n\ngo 1.21\n' }, { go: '1.25' }],
    [{ 'go.mod': 'module a\n\ngo 1.24\n\ntoolchain go1.26.1\n' }, { go: '1.26' }],
    [
      {
        'Cargo.toml': '[package]\nname = "a"',
        'rust-toolchain.toml': '[toolchain]\nchannel = "1.84.0"',
      },
      { rust: '1.84.0' },
    ],
    [
      { 'Cargo.toml': '[package]\nname = "a"', 'rust-toolchain': 'nightly-2026-01-02' },
      { rust: 'nightly-2026-01-02' },
    ],
    [{ 'requirements.txt': '', '.python-version': '3.14.1' }, { python: '3.14' }],
    [{ 'pyproject.toml': '[project]\nrequires-python = ">=3.14"' }, { python: '3.14' }],
    [{ 'pyproject.toml': '[project]\nrequires-python = ">=3.9"' }, { python: '3.13' }],
    [{ 'pom.xml': '<maven.compiler.release>17</maven.compiler.release>' }, { java: '17' }],
    [{ 'pom.xml': '<java.version>1.8</java.version>' }, { java: '8' }],
    [{ 'build.gradle': 'languageVersion = JavaLanguageVersion.of(19)' }, { java: '21' }],
    [{ 'a.csproj': sdkProject('net8.0') }, { dotnet: '8.0', sdk: '8.0' }],
    [
      { 'a.csproj': sdkProject('net8.0'), 'global.json': '{"sdk":{"version":"9.0.101"}}' },
      { dotnet: '8.0', sdk: '9.0' },
    ],
    [{ 'a.csproj': sdkProject('netcoreapp3.1') }, { dotnet: '9.0' }],
  ])('%j', (files, values) => {
    const detection = first(files);
    expect(detection?.values).toMatchObject(values);
    expect(detection?.found.length).toBeGreaterThan(0);
  });
});

test('of several projects of .NET the program is taken, not its tests', () => {
  const detection = first({
    'Shop.Tests/Shop.Tests.csproj': sdkProject(
      'net9.0',
      '<OutputType>Exe</OutputType>',
      'MSTest.Sdk',
    ),
    'Shop/Shop.csproj': sdkProject('net9.0', '', 'Microsoft.NET.Sdk.Web'),
  });
  expect(detection?.values).toMatchObject({
    project: 'Shop/Shop.csproj',
    folder: 'Shop/',
    runtime: 'aspnet',
  });
  expect(detection?.found.join(' ')).toContain('2 projects');
});

test('a program below cmd is found by its package main', () => {
  const detection = first({
    'go.mod': 'module example.com/acme/shop/v2\n\ngo 1.25\n',
    'cmd/server/main.go': 'package main\n',
  });
  expect(detection?.values).toMatchObject({ package: './cmd/server', name: 'server' });
});

test.each(['"; RUN evil', 'a b', '../up', 'x`\nRUN evil', '$(evil)', '-rf', 'a'.repeat(300)])(
  'a name such as %j never gets into a Dockerfile',
  name => {
    const all = [
      ...detectProject(projectOf({ 'package.json': JSON.stringify({ main: name }) })),
      ...detectProject(projectOf({ 'Cargo.toml': `[package]\nname = "${name}"` })),
      ...detectProject(projectOf({ 'go.mod': `module ${name}` })),
      ...detectProject(projectOf({ [`${name}.exe`]: '' })),
    ];
    expect(all.flatMap(({ values }) => Object.values(values))).not.toContain(name);
  },
);

test('a name that cannot stand in a Dockerfile is said, and the template keeps its own', () => {
  const detection = first({ 'My program.exe': '' });
  expect(detection?.values).toEqual({});
  expect(detection?.found[1]).toContain('put it there yourself');
  const spaced = first({ 'My App/My App.csproj': sdkProject('net7.0') });
  expect(spaced?.values).toMatchObject({ project: 'My App/My App.csproj', assembly: 'My App' });
  expect(spaced?.found[0]).toContain('no image for Windows Server 2025');
});

test('a package.json that is no JSON, or JSON of another form, is still a Node.js program', () => {
  for (const text of ['{', '[]', '1', 'null', '{"scripts":3,"engines":[]}'])
    expect(first({ 'package.json': text })?.kind).toBe('node');
});

test('a folder is read a few levels deep, without links and installed packages', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-detect-'));
  try {
    for (const folder of ['a/b/c', 'node_modules/x', '.git'])
      await mkdir(path.join(dir, folder), { recursive: true });
    await Promise.all(
      [
        'a/b/in.csproj',
        'a/b/c/deep.csproj',
        'node_modules/x/package.json',
        '.git/go.mod',
        'z.txt',
      ].map(file => writeFile(path.join(dir, file), 'text')),
    );
    await symlink('/etc', path.join(dir, 'link'));
    const files = await readProject(dir);
    expect(files.paths).toEqual(['z.txt', 'a/b/in.csproj']);
    expect(files.text('a/b/in.csproj')).toBe('text');
    expect(files.text('z.txt')).toBeUndefined();
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('a folder that is not there is named', async () => {
  await expect(readProject(path.join(tmpdir(), 'layerwright-not-there'))).rejects.toMatchObject({
    failure: { code: 'file-system', errno: 'ENOENT' },
  });
});
