import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareFiles,
  mostListedFiles,
  packFiles,
  unpackFiles,
} from '../../../../../electron/engine/build/cache/file-list.ts';
import { keepInputs } from '../../../../../electron/engine/build/cache/kept-inputs.ts';
import { stepKey, type StepInputs } from '../../../../../electron/engine/build/cache/inputs.ts';
import {
  openStepRecords,
  recordsFile,
} from '../../../../../electron/engine/build/cache/open-records.ts';
import type { NewRecord } from '../../../../../electron/engine/build/cache/step-records.ts';
import { digestOf } from '../../../../../electron/engine/content/verified.ts';
import { bench, nanoserver } from '../build.ts';
import { tempDir } from '../folder.ts';
import { outcomes, storyOfStep } from './stories.ts';

const files = { Dockerfile: `FROM ${nanoserver}\nCOPY a /\n`, a: '1' };

const inputs: StepInputs = {
  parent: undefined,
  platform: 'windows/amd64',
  instruction: { keyword: 'RUN', command: 'build' },
  variables: { PATH: 'C:\\' },
  sources: [],
  options: {},
};

const surroundings = {
  used: {},
  base: { reference: 'scratch', digest: undefined, chainId: undefined },
  below: undefined,
};

function record(stepKey: string, builtAt: number): NewRecord {
  return {
    record: {
      stepKey,
      dockerfile: 'file',
      site: 'here',
      keyword: 'RUN',
      text: 'RUN build',
      builtAt,
      usedAt: builtAt,
      uses: 0,
      outcome: {},
      inputs: {
        ...keepInputs(inputs, surroundings, 'salt'),
        sources: [{ label: 'the build context', content: 'c', list: `list of ${stepKey}` }],
      },
    },
    lists: new Map([
      [`list of ${stepKey}`, packFiles([{ path: stepKey, hash: '0' }]) ?? new Uint8Array()],
    ]),
  };
}

describe('a database of records that cannot be used', () => {
  test.each([
    [
      'is damaged',
      async (file: string) =>
        await writeFile(file, 'no database at all, and long enough to look at'),
    ],
    [
      'is of a newer version',
      async (file: string) => inDatabase(file, 'PRAGMA user_version = 999'),
    ],
    [
      'belongs to another program',
      async (file: string) =>
        inDatabase(file, 'PRAGMA application_id = 7; PRAGMA user_version = 0'),
    ],
  ])('is set aside where it %s; the build says so and goes on', async (_, damage) => {
    await using b = await bench(files);
    await b.build();
    const file = recordsFile(b.store.dir);
    await damage(file);
    await b.build();
    expect(outcomes(b.events)).toEqual(['0.1 ran']);
    const notes = b.events.flatMap(event => (event.kind === 'step-output' ? event.lines : []));
    expect(notes.filter(line => line.includes(`${file}.aside`))).toHaveLength(1);
    expect(existsSync(`${file}.aside`)).toBe(true);
    await b.build();
    expect(outcomes(b.events)).toEqual(['0.1 cached']);
  });

  test('is done without where it cannot be set aside either', async () => {
    await using b = await bench(files);
    await mkdir(recordsFile(b.store.dir), { recursive: true });
    await writeFile(path.join(b.store.dir, 'cache', 'steps.sqlite', 'in the way'), '');
    await b.build();
    await b.build();
    expect(outcomes(b.events)).toEqual(['0.1 ran']);
    expect(storyOfStep(b.events, '0.1')).toMatchObject({
      kind: 'no-record',
      problem: expect.stringContaining('every step runs'),
    });
  });

  test('does not fail a build that it breaks in the middle of', async () => {
    await using b = await bench({ ...files, Dockerfile: `${files.Dockerfile}COPY a /b/\n` });
    await b.build();
    const damage = (kind: string) => {
      if (kind === 'step-finished')
        inDatabase(recordsFile(b.store.dir), 'DROP TABLE IF EXISTS steps');
    };
    await b.build(
      { noCache: true },
      {
        onEvent: event => {
          b.events.push(event);
          damage(event.kind);
        },
      },
    );
    expect(outcomes(b.events)).toEqual(['0.1 ran', '0.2 ran']);
  });
});

function inDatabase(file: string, sql: string): void {
  const database = new DatabaseSync(file, { timeout: 5000 });
  database.exec(sql);
  database.close();
}

describe('records', () => {
  test('of several processes that write at once are all there', async () => {
    await using temp = await tempDir();
    const script = `
      import { openStepRecords } from ${JSON.stringify(path.resolve('electron/engine/build/cache/open-records.ts'))};
      const { records } = openStepRecords(process.argv[1]);
      const common = { dockerfile: 'd', site: 's', keyword: 'RUN', text: 't', builtAt: 1, usedAt: 1, uses: 0, outcome: {} };
      const inputs = { platform: 'p', instruction: {}, variables: {}, sources: [], options: {}, base: { reference: 'r' } };
      for (let at = 0; at < 50; at++)
        records.put({ record: { ...common, inputs, stepKey: process.argv[2] + at }, lists: new Map() });
      records.close();`;
    const run = promisify(execFile);
    const writers = ['a', 'b', 'c'].map(name =>
      run(process.execPath, ['--input-type=module', '-e', script, temp.dir, name]),
    );
    await Promise.all(writers);
    const { records } = openStepRecords(temp.dir);
    expect(records?.list()).toHaveLength(150);
    records?.close();
  });

  test('that are dropped explain for a while, without their lists, and the oldest of them go', async () => {
    await using temp = await tempDir();
    const { records } = openStepRecords(temp.dir);
    if (!records) throw new Error('the cache does not open');
    for (let at = 0; at < 1010; at++) records.put(record(`k${at}`, at));
    expect(records.files('list of k5')).toEqual([{ path: 'k5', hash: '0' }]);
    expect(records.drop(['k5', 'unknown'], 1)).toBe(1);
    expect(records.drop(['k5'], 2)).toBe(0);
    expect(records.find('k5')).toMatchObject({ droppedAt: 1, text: 'RUN build' });
    expect(records.files('list of k5')).toBeUndefined();
    expect(
      records.drop(
        records.list().map(each => each.stepKey),
        3,
      ),
    ).toBe(1009);
    expect(records.list()).toEqual([]);
    expect(records.find('k5')).toBeUndefined();
    records.close();
  });

  test('hold neither credentials nor secret values, and a mark still tells two of them apart', () => {
    const kept = (token: string) =>
      keepInputs(
        {
          ...inputs,
          instruction: {
            command: `curl -u x ${token}`,
            source: `https://me:${token}@host/f?sig=${token}`,
          },
          variables: { NUGET_TOKEN: token, PLAIN: 'p', COPY_OF_IT: `=${token}` },
        },
        surroundings,
        'salt',
      );
    expect(JSON.stringify(kept('open-sesame'))).not.toContain('sesame');
    expect(kept('open-sesame')).not.toEqual(kept('open-sesamo'));
    expect(kept('open-sesame').variables['PLAIN']).toBe('p');
  });
});

describe('keys', () => {
  test('are the same whatever the order of names, and other ones for any other input', () => {
    const turned = { ...inputs, instruction: { command: 'build', keyword: 'RUN' } };
    expect(stepKey(turned)).toBe(stepKey(inputs));
    const parent = digestOf(Buffer.from(''));
    const others: StepInputs[] = [
      { ...inputs, parent },
      { ...inputs, platform: 'windows/arm64' },
      { ...inputs, instruction: { keyword: 'RUN', command: 'build ' } },
      { ...inputs, variables: { PATH: 'D:\\' } },
      { ...inputs, sources: [{ label: 'x', content: 'y' }] },
      { ...inputs, options: { compression: 'zstd' } },
    ];
    expect(new Set([inputs, ...others].map(stepKey)).size).toBe(others.length + 1);
  });
});

describe('lists of files', () => {
  const file = fc.record({
    path: fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => !text.includes('\0')),
    hash: fc.stringMatching(/^[0-9a-f]{16}$/),
  });

  test('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(file), list => {
        expect(unpackFiles(packFiles(list) ?? new Uint8Array())).toEqual(list);
      }),
    );
  });

  test('are not kept where they are too long', () => {
    const list = Array.from({ length: mostListedFiles + 1 }, (_, at) => ({
      path: `${at}`,
      hash: '',
    }));
    expect(packFiles(list)).toBeUndefined();
    expect(packFiles(list.slice(1))?.length).toBeLessThan(1_000_000);
  });

  test('are compared file by file', () => {
    const lists = fc.uniqueArray(file, { selector: ({ path: name }) => name });
    fc.assert(
      fc.property(lists, lists, (before, now) => {
        const { added, changed, removed } = compareFiles(before, now);
        const names = new Set([...before, ...now].map(each => each.path));
        const hash = (list: typeof before, name: string) =>
          list.find(each => each.path === name)?.hash;
        const different = [...names].filter(name => hash(before, name) !== hash(now, name));
        expect(added + changed + removed).toBe(different.length);
      }),
    );
  });
});
