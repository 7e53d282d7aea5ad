import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderFor } from '../../../../electron/engine/catalogue/templates.ts';
import { parseDockerfile } from '../../../../shared/dockerfile/parse.ts';
import { planEveryStage } from '../../../../shared/dockerfile/plan-every-stage.ts';
import { builtImage, entriesOf, nanoserver, servercore } from '../build/build.ts';
import { hcsBench } from '../build/backends/hcs/hcs-bench.ts';

const templatesDir = path.resolve(import.meta.dirname, '../../../../resources/templates');

/** What a program of a RUN leaves behind, by its command line; everything else just ends well. */
interface Case {
  readonly template: string;
  readonly files: Readonly<Record<string, string>>;
  readonly makes: readonly (readonly [line: string, file: string])[];
  /** Below `Files`. */
  readonly ships: string;
}

const cases: readonly Case[] = [
  {
    template: 'go',
    files: { 'go.mod': 'module a/shop\n\ngo 1.25\n', 'go.sum': '', 'main.go': 'package main\n' },
    makes: [['*go build*', String.raw`C:\src\shop.exe`]],
    ships: 'app/shop.exe',
  },
  {
    template: 'rust',
    files: { 'Cargo.toml': '[package]\nname = "shop"\n', 'Cargo.lock': '' },
    makes: [['*cargo.exe build --release --locked', String.raw`C:\src\target\release\shop.exe`]],
    ships: 'app/shop.exe',
  },
  {
    template: 'dotnet',
    files: {
      'Shop/Shop.csproj':
        '<Project Sdk="Microsoft.NET.Sdk.Web"><TargetFramework>net9.0</TargetFramework>',
    },
    makes: [['*dotnet publish*', String.raw`C:\out\Shop.dll`]],
    ships: 'app/Shop.dll',
  },
  {
    template: 'dotnet-framework-console',
    files: { 'Shop.csproj': '<TargetFrameworkVersion>v4.8<', 'Shop.sln': '' },
    makes: [['*msbuild*', String.raw`C:\out\Shop.exe`]],
    ships: 'app/Shop.exe',
  },
  {
    template: 'dotnet-framework-web',
    files: { 'Shop.csproj': '<TargetFrameworkVersion>v4.8<', 'Shop.sln': '' },
    makes: [['*msbuild*', String.raw`C:\out\Web.config`]],
    ships: 'inetpub/wwwroot/Web.config',
  },
  {
    template: 'java-maven',
    files: {
      'pom.xml': '<java.version>21</java.version>',
      'mvnw.cmd': '',
      '.mvn/wrapper.properties': '',
    },
    makes: [['*mvnw.cmd*package', String.raw`C:\src\target\shop.jar`]],
    ships: 'app/app.jar',
  },
  {
    template: 'java-gradle',
    files: { 'build.gradle': '', 'gradlew.bat': '' },
    makes: [['*gradlew.bat*', String.raw`C:\src\build\libs\shop.jar`]],
    ships: 'app/app.jar',
  },
  {
    template: 'node',
    files: { 'package.json': '{"main":"server.js"}', 'package-lock.json': '{}', 'server.js': '' },
    makes: [
      ['*nodejs.org*', String.raw`C:\node\node.exe`],
      ['*npm ci', String.raw`C:\app\node_modules\left-pad\index.js`],
    ],
    ships: 'app/node_modules/left-pad/index.js',
  },
  {
    template: 'python',
    files: { 'requirements.txt': 'flask\n', 'main.py': '' },
    makes: [['*pip install*', String.raw`C:\Python\Lib\flask.py`]],
    ships: 'app/main.py',
  },
];

// The doubles are no Windows: they show that every step can be begun, and that what it makes reaches the image.
describe('templates with RUN, built on the doubles of Windows', () => {
  test.each(cases)(
    '$template ships what its steps made',
    async ({ files, makes, ships, template }) => {
      await using work = await hcsBench(files);
      work.doubles.script('*', []);
      for (const [line, file] of makes) work.doubles.script(line, [{ write: file, text: 'made' }]);
      const { files: made } = await renderFor(templatesDir, template, work.contextDir);
      await writeFile(path.join(work.contextDir, 'Dockerfile'), made.Dockerfile);
      await writeFile(path.join(work.contextDir, '.dockerignore'), made['.dockerignore']);
      const { stages } = planEveryStage(parseDockerfile(made.Dockerfile))[0] ?? { stages: [] };
      const result = await work.build({
        namedContexts: Object.fromEntries(
          stages.map(({ baseText }) => [
            baseText,
            `docker-image://${baseText.includes('nanoserver') ? nanoserver : servercore}`,
          ]),
        ),
      });
      const { layersBaseFirst } = await builtImage(work.store, result);
      const paths: string[] = [];
      for (const layer of layersBaseFirst)
        paths.push(...(await entriesOf(work.store, layer)).map(entry => entry.path));
      expect(paths).toContain(`Files/${ships}`);
    },
  );
});
