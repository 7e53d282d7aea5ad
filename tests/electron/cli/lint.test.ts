import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ruleReference } from '../../../electron/cli/lint/rule-reference.ts';
import { newWorkplace, type Workplace } from './process.ts';

const good = 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY a.txt C:/a.txt\n';
const bad = 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN winget install git\n';

interface SarifLog {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: Readonly<Record<string, number>>;
            };
          },
        ];
      }[];
    },
  ];
}

describe('layerwright lint', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await newWorkplace();
    await place.files({
      'good/Dockerfile': good,
      'bad/Dockerfile': bad,
      'broken/My File': 'FROM a:1\nCOPPY x\n',
      'many/Dockerfile.tools': bad,
      'many/Dockerfile.tools.dockerignore': '*',
      'many/ZImagefile.web': 'base: a:1\n',
      'many/notes.txt': 'nothing',
    });
  });
  afterAll(async () => await place.remove());

  test('says what is wrong where, in lines that editors can follow', async () => {
    const { code, out, err } = await place.run(['lint', 'bad', 'good']);
    expect(out).toMatch(/^bad\/Dockerfile:2:5: warning: winget .* \[winget-in-container\]$/m);
    expect(out).toContain('2 | RUN winget install git');
    expect(err).toContain('2 files: 0 errors, 1 warning, 0 hints');
    expect(code).toBe(0);
  });

  test('takes every build file of a folder that has no Dockerfile', async () => {
    const { err, out } = await place.run(['lint', 'many']);
    expect(out).toContain('many/Dockerfile.tools:2:5: warning:');
    expect(err).toContain('2 files:');
  });

  test('fails from the severity on that is asked for', async () => {
    const codes = async (...args: string[]) => (await place.run(['lint', ...args])).code;
    expect(await codes('bad', '--fail-on', 'warning')).toBe(1);
    expect(await codes('bad', '--fail-on', 'error')).toBe(0);
    expect(await codes('good', '--fail-on', 'info')).toBe(0);
    expect(await codes('broken/My File')).toBe(1);
    expect(await codes('broken/My File', '--fail-on', 'never')).toBe(0);
  });

  test('reads standard input', async () => {
    const { out } = await place.run(['lint', '-', '--format', 'json'], { input: bad });
    const [file] = JSON.parse(out) as [{ file: string; findings: { rule: string }[] }];
    expect(file.file).toBe('-');
    expect(file.findings.map(({ rule }) => rule)).toEqual(['winget-in-container']);
  });

  test('writes SARIF 2.1.0 whose results point to rules and places', async () => {
    const { out } = await place.run(['lint', 'bad', 'broken/My File', '--format', 'sarif']);
    const { version, runs } = JSON.parse(out) as SarifLog;
    expect(version).toBe('2.1.0');
    const { results, tool } = runs[0];
    for (const { ruleId, ruleIndex } of results)
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const winget = results.find(({ ruleId }) => ruleId === 'winget-in-container');
    expect(winget?.level).toBe('warning');
    expect(winget?.locations[0].physicalLocation.region).toEqual({
      startLine: 2,
      startColumn: 5,
      endLine: 2,
      endColumn: 23,
    });
    const uris = results.map(({ locations }) => locations[0].physicalLocation.artifactLocation.uri);
    expect(uris).toContain('broken/My%20File');
  });

  test('explains one rule, and says when there is none of that name', async () => {
    const { out } = await place.run(['lint', '--explain', 'setx-path']);
    expect(out).toContain('ENV PATH');
    const unknown = await place.run(['lint', '--explain', 'nothing']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('docs/lint.md');
  });

  test('names the path that it cannot read', async () => {
    const { code, err } = await place.run(['lint', 'nowhere']);
    expect(code).toBe(2);
    expect(err).toContain('nowhere');
  });
});

test('docs/lint.md says what the rules are', async () => {
  const file = path.resolve(import.meta.dirname, '../../../docs/lint.md');
  await expect(ruleReference()).toMatchFileSnapshot(file);
});
