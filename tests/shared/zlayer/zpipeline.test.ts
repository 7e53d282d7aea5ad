import { describe, expect, test } from 'vitest';
import { isZPipeline, parseZPipeline } from '../../../shared/zlayer/parse-zpipeline.ts';
import { pipelineWaves } from '../../../shared/zlayer/pipeline-waves.ts';

function problems(text: string) {
  const { findings, pipeline } = parseZPipeline(text);
  return [...findings, ...(pipeline ? pipelineWaves(pipeline.images).findings : [])].map(
    ({ range, message, severity }) =>
      `${severity} ${range.start.line + 1}:${range.start.character + 1} ${message}`,
  );
}

const full = `version: "1"
vars: { REGISTRY: example.com, LTSC: ltsc2022 }
defaults:
  no_cache: true
  build_args: { A: default, B: default }
images:
  app:
    file: app/ZImagefile
    context: app
    os: windows
    depends_on: [base]
    no_cache: false
    platforms: ["windows/amd64"]
    build_args: { B: own }
    tags: ["\${REGISTRY}/app:\${LTSC}", "\${REGISTRY}/app:latest"]
  base:
    file: Dockerfile
push: { after_all: true }
`;

test('images get the defaults and the variables, and what is given counts more', () => {
  const { findings, pipeline } = parseZPipeline(full, { LTSC: 'ltsc2025' });
  expect(findings).toEqual([]);
  expect(pipeline).toMatchObject({ pushAfterAll: true, vars: { LTSC: 'ltsc2025' } });
  const [app, base] = pipeline?.images ?? [];
  expect(app).toMatchObject({
    file: { value: 'app/ZImagefile' },
    context: 'app',
    noCache: false,
    platform: 'windows/amd64',
    buildArgs: { A: 'default', B: 'own' },
  });
  expect(app?.tags.map(({ value }) => value)).toEqual([
    'example.com/app:ltsc2025',
    'example.com/app:latest',
  ]);
  expect(base).toMatchObject({ context: '.', noCache: true, tags: [], dependsOn: [] });
});

test('waves are as deep as the longest way of needs', () => {
  const needs = { d: ['b', 'c'], b: ['a'], c: [], a: [], e: ['d'] };
  const text = Object.entries(needs).map(
    ([name, list]) => `  ${name}: { file: x, depends_on: [${list.join(', ')}] }`,
  );
  const { pipeline } = parseZPipeline(`images:\n${text.join('\n')}\n`);
  const { findings, waveOf } = pipelineWaves(pipeline?.images ?? []);
  expect(findings).toEqual([]);
  expect(Object.fromEntries(waveOf)).toEqual({ a: 0, c: 0, b: 1, d: 2, e: 3 });
});

describe('what is wrong or ignored is told with its line', () => {
  test.each([
    ['no images', 'version: "1"\n', 'error 1:1 A ZPipeline needs images'],
    ['another version', 'version: "3"\nimages: { a: { file: x } }\n', 'error 1:10 The version is'],
    [
      'an unknown field',
      'images: { a: { file: x, fil: y } }\n',
      'error 1:25 The image a has no field "fil"',
    ],
    ['no file', 'images: { a: {} }\n', 'error 1:11 The image a needs file'],
    ['Linux', 'images: { a: { file: x, os: linux } }\n', 'error 1:29 "linux" is not Windows'],
    [
      'a Linux platform',
      'images: { a: { file: x, platforms: [linux/amd64] } }\n',
      'error 1:37 "linux/amd64" is not',
    ],
    [
      'two platforms',
      'images: { a: { file: x, platforms: [windows/amd64, windows/arm64] } }\n',
      'error 1:52 An image is built for one',
    ],
    [
      'an unknown image',
      'images: { a: { file: x, depends_on: [b] } }\n',
      'error 1:38 a depends on b',
    ],
    [
      'a circle of one',
      'images: { a: { file: x, depends_on: [a] } }\n',
      'These images need each other: a needs a',
    ],
    [
      'a circle of two',
      'images: { a: { file: x, depends_on: [b] }, b: { file: x, depends_on: [a] } }\n',
      'a needs b needs a',
    ],
    [
      'a variable without a value',
      'images: { a: { file: x, tags: ["${NO}/a"] } }\n',
      'error 1:32 ${NO} has no value',
    ],
    [
      'retries',
      'defaults: { retries: 3 }\nimages: { a: { file: x } }\n',
      'warning 1:13 retries is ignored',
    ],
    [
      'a cache',
      'cache: { type: s3, bucket: b }\nimages: { a: { file: x } }\n',
      'warning 1:1 cache is ignored',
    ],
  ])('%s', (_, text, problem) => {
    expect(problems(text).join('\n')).toContain(problem);
  });
});

test.each([
  ['ZPipeline.yaml', true],
  ['a/zpipeline.yml', true],
  ['ZPipeline.release.yaml', true],
  ['ZPipeline', true],
  ['MyZPipeline.yaml', false],
  ['ZImagefile', false],
])('%s is told by its name', (file, isOne) => {
  expect(isZPipeline(file)).toBe(isOne);
});
