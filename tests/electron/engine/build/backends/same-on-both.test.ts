import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bench, nanoserver, servercore, topLayer, type Bench } from '../build.ts';
import type { Files } from '../folder.ts';
import { hcsBench } from './hcs/hcs-bench.ts';

const head = `# escape=\`\nFROM ${nanoserver}\n`;

/** COPY, ADD and WORKDIR: what each leaves in the last layer, behind `Hives` and `Files`. */
const cases: readonly (readonly [string, string, Files, readonly string[]])[] = [
  [
    'COPY into a folder of the image, in its spelling',
    'COPY f c:/WINDOWS/system32/f\n',
    { f: '1' },
    ['Files/Windows/', 'Files/Windows/System32/', 'Files/Windows/System32/f=1'],
  ],
  [
    'COPY of here-documents',
    'COPY <<one.txt C:/d/\nhello\none.txt\n',
    {},
    ['Files/d/', 'Files/d/one.txt=hello\n'],
  ],
  [
    'COPY --parents --exclude',
    'COPY --parents --exclude=**/*.log src/a C:/d/\n',
    { 'src/a/x': '1', 'src/a/y.log': '2' },
    ['Files/d/', 'Files/d/src/', 'Files/d/src/a/', 'Files/d/src/a/x=1'],
  ],
  [
    'COPY of links and empty folders',
    'COPY src C:/d/\n',
    { 'src/sub/f': '1', 'src/to-dir': { link: 'sub' }, 'src/none': null },
    ['Files/d/', 'Files/d/none/', 'Files/d/sub/', 'Files/d/sub/f=1', 'Files/d/to-dir -> sub'],
  ],
  [
    'COPY --from an image',
    `COPY --from=${servercore} windows/system32/CMD.EXE C:/d/\n`,
    {},
    ['Files/d/', expect.stringMatching(/^Files\/d\/cmd\.exe/iu)],
  ],
  ['WORKDIR', 'WORKDIR C:/one/two\n', {}, ['Files/one/', 'Files/one/two/']],
  ['ADD of an archive', 'ADD x.tar C:/d/\n', { 'in/a': '1' }, ['Files/d/', 'Files/d/a=1']],
];

describe.each<[string, (files: Files) => Promise<Bench>]>([
  ['portable', files => bench(files)],
  ['hcs', files => hcsBench(files)],
])('on the %s backend', (backend, open) => {
  test.each(cases)('%s', async (_, instructions, files, expected) => {
    await using at = await open({ Dockerfile: `${head}${instructions}`, ...files });
    if (files['in/a'] !== undefined)
      execFileSync('tar', ['cf', 'x.tar', '-C', 'in', 'a'], { cwd: at.contextDir });
    const result = await at.build({ backend: backend === 'hcs' ? 'hcs' : 'portable' });
    expect((await topLayer(at.store, result)).slice(2)).toEqual(expected);
    expect(at.events.find(event => event.kind === 'build-planned')).toMatchObject({
      choice: { backend },
    });
  });
});

test('an image without RUN is the same to the byte on both', async () => {
  const files: Files = {
    Dockerfile: `${head}ENV A=1\nWORKDIR C:/w\nCOPY src .\nCMD ["app.exe"]\n`,
    'src/a/b': 'x',
  };
  await using portable = await bench(files);
  await using hcs = await hcsBench(files);
  const digests = [
    await portable.build({ backend: 'portable' }),
    await hcs.build({ backend: 'hcs' }),
  ].map(({ manifestDigest }) => manifestDigest);
  expect(digests[0]).toBe(digests[1]);
  expect(path.dirname(hcs.store.dir)).toBe(hcs.dir);
});

test('a copy behind cached ones writes what it would write without a cache', async () => {
  await using at = await bench({
    Dockerfile: `${head}COPY a C:/app/\nCOPY b C:/app/\n`,
    a: '1',
    b: '2',
  });
  const first = await at.build();
  // Only the second COPY runs again, over a layer that came from the cache.
  const again = await at.build({ rerunFrom: 4 });
  expect(at.events.filter(event => event.kind === 'step-finished').at(-1)).toMatchObject({
    outcome: 'ran',
  });
  expect(again.manifestDigest).toBe(first.manifestDigest);
});
