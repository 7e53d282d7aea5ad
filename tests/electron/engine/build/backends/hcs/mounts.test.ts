import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtImage, entriesOf, nanoserver } from '../../build.ts';
import { dockerfile, hcsBench, said, scratchesLeft, type HcsBench } from './hcs-bench.ts';

async function topPaths(at: HcsBench, result: Awaited<ReturnType<HcsBench['build']>>) {
  const layer = (await builtImage(at.store, result)).layersBaseFirst.at(-1);
  if (!layer) throw new Error('no layer');
  const entries = await entriesOf(at.store, layer);
  return entries.map(entry => entry.path).filter(name => !name.startsWith('Hives'));
}

describe('RUN --mount', () => {
  test('type=cache keeps what one build wrote for the next, outside of the layers', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile('ARG N', 'RUN --mount=type=cache,id=c,target=C:/cache ["add.exe"]'),
    });
    at.doubles.script('add.exe', [
      { write: 'C:\\cache\\n.txt', text: 'x', append: true },
      { print: 'C:\\cache\\n.txt' },
    ]);
    await at.build({ buildArgs: { N: 'first' } });
    const result = await at.build({ buildArgs: { N: 'second' } });
    expect(said(at.events, 'stdout')).toEqual(['x', 'xx']);
    expect(await topPaths(at, result)).toEqual(['Files']);
  });

  test('type=cache is seeded with from, and sharing=private gives two steps at once a folder each', async () => {
    const run = (name: string) =>
      `RUN --mount=type=cache,id=p,sharing=private,from=seed,target=C:/cache ["${name}.exe"]`;
    await using at = await hcsBench({
      Dockerfile: [
        `FROM scratch AS seed\nCOPY seed.txt /`,
        `FROM ${nanoserver} AS one\n${run('one')}`,
        `FROM ${nanoserver} AS two\n${run('two')}`,
        `FROM ${nanoserver}\nCOPY --from=one one.txt C:/\nCOPY --from=two two.txt C:/\n`,
      ].join('\n'),
      'seed.txt': 'seeded',
    });
    for (const name of ['one', 'two'])
      at.doubles.script(`${name}.exe`, [
        { print: 'C:\\cache\\seed.txt' },
        { write: `C:\\cache\\${name}.txt`, text: name },
        { sleepMs: 300 },
        { write: `C:\\${name}.txt`, text: name },
      ]);
    await at.build();
    expect(said(at.events, 'stdout')).toEqual(['seeded', 'seeded']);
    const caches = execFileSync(
      'find',
      [path.join(at.store.dir, 'windows/cache-mounts'), '-name', '*.txt'],
      { encoding: 'utf8' },
    );
    expect(caches.match(/private-\d\/(?:one|two)\.txt/gu)).toHaveLength(2);
  });

  test('type=bind shows folders and single files of context and stages, and leaves no trace', async () => {
    await using at = await hcsBench({
      Dockerfile: [
        `# escape=\``,
        `FROM ${nanoserver} AS made`,
        'COPY made.txt C:/out/',
        `FROM ${nanoserver}`,
        'RUN --mount=type=bind,source=in,target=C:/deep/in --mount=type=bind,source=one.txt,target=C:/x/one.txt --mount=type=bind,from=made,source=out,target=C:/out type C:\\deep\\in\\a.txt & type C:\\x\\one.txt & type C:\\out\\made.txt',
        '',
      ].join('\n'),
      'in/a.txt': 'folder\n',
      'one.txt': 'file\n',
      'made.txt': 'stage\n',
    });
    const result = await at.build();
    expect(said(at.events, 'stdout')).toEqual(['folder', 'file', 'stage']);
    expect(await topPaths(at, result)).toEqual(['Files']);
    at.events.length = 0;
    await writeFile(path.join(at.contextDir, 'one.txt'), 'other\n');
    await at.build();
    expect(said(at.events, 'stdout')).toContain('other');
  });

  test('type=secret gives file and variable, and the value is nowhere afterwards', async () => {
    const [token, password] = ['s3cr3t-token-4711', 'pass-word-0815'];
    await using at = await hcsBench({
      Dockerfile: dockerfile(
        'RUN --mount=type=secret,id=token --mount=type=secret,id=token,target=C:/app/t.txt --mount=type=secret,id=pw,env=PW type C:\\ProgramData\\Docker\\secrets\\token & type C:\\app\\t.txt & echo %PW%',
      ),
      'elsewhere/token.txt': `${token}\n`,
    });
    const request = {
      run: {
        secrets: {
          token: { file: path.join(at.contextDir, 'elsewhere/token.txt') },
          pw: { env: 'PASSWORD' },
        },
      },
    };
    const result = await at.build(request, { environment: { PASSWORD: password } });
    expect(said(at.events, 'stdout')).toEqual(['***', '***', '***']);
    expect(await topPaths(at, result)).toEqual(['Files']);
    expect(JSON.stringify(at.events)).not.toMatch(/4711|0815/u);
    const found = execFileSync('sh', ['-c', `grep -rlaE '4711|0815' . || true`], {
      cwd: at.store.dir,
      encoding: 'utf8',
    });
    expect(found).toBe('');
    // Another value of a secret makes no other layer.
    await writeFile(path.join(at.contextDir, 'elsewhere/token.txt'), 'rotated-4712\n');
    at.events.length = 0;
    await at.build(request, { environment: { PASSWORD: password } });
    expect(said(at.events, 'stdout')).toEqual([]);
  });

  test('a secret that nobody gave is left out, unless it is required', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile('RUN --mount=type=secret,id=gone,env=GONE echo [%GONE%]'),
    });
    await at.build();
    expect(said(at.events, 'stdout')).toEqual(['[%GONE%]']);
    await writeFile(
      path.join(at.contextDir, 'Dockerfile'),
      dockerfile('RUN --mount=type=secret,id=gone,required=true echo'),
    );
    await expect(at.build()).rejects.toMatchObject({
      failure: { code: 'run-refused', problem: expect.stringContaining('"gone" is required') },
    });
  });

  test('a target in the image that is no place for a link fails, and everything is let go', async () => {
    await using at = await hcsBench({
      Dockerfile: dockerfile(
        'COPY one.txt C:/there.txt',
        'RUN --mount=type=bind,source=one.txt,target=C:/there.txt echo',
      ),
      'one.txt': '1',
    });
    await expect(at.build()).rejects.toMatchObject({
      failure: { message: expect.stringContaining('there is something in the image') },
    });
    expect(Object.values(at.doubles.counters()).filter(Boolean)).toEqual([]);
    expect(await scratchesLeft(at)).toEqual([]);
  });
});
