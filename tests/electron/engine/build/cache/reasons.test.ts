import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  openStepRecords,
  recordsFile,
} from '../../../../../electron/engine/build/cache/open-records.ts';
import type { StepRecords } from '../../../../../electron/engine/build/cache/step-records.ts';
import type { Store } from '../../../../../electron/engine/content/store.ts';
import { bench, nanoserver } from '../build.ts';
import { outcomes, storyOfStep } from './stories.ts';

const mark = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

function withRecords<T>(store: Store, work: (records: StepRecords) => T): T {
  const { records } = openStepRecords(store.dir);
  if (!records) throw new Error('the cache does not open');
  try {
    return work(records);
  } finally {
    records.close();
  }
}

describe('why a step ran', () => {
  test('nothing is on record at first, and then a cached step says what it matched', async () => {
    await using b = await bench({ Dockerfile: `FROM ${nanoserver}\nCOPY a /app/\n`, a: '1' });
    await b.build({}, { buildId: 'first' });
    expect(storyOfStep(b.events, '0.0')).toMatchObject({ kind: 'base', reference: nanoserver });
    expect(storyOfStep(b.events, '0.1')).toEqual({ kind: 'never-built' });
    await b.build({}, { buildId: 'second' });
    const [digest] = withRecords(b.store, records =>
      records.list().map(({ outcome }) => outcome.layer?.descriptor.digest),
    );
    expect(storyOfStep(b.events, '0.1')).toEqual({
      kind: 'matched',
      earlier: { builtAt: expect.any(Number), buildId: 'first' },
      layer: digest,
    });
    expect(withRecords(b.store, records => records.list().map(({ uses }) => uses))).toEqual([1]);
  });

  test('changed, new and removed files are named with their hashes, and the steps above say which step ran', async () => {
    await using b = await bench({
      Dockerfile: `FROM ${nanoserver}\nWORKDIR /app\nCOPY src .\nCOPY other .\n`,
      'src/kept': 'k',
      'src/a.js': 'one',
      'src/gone': 'g',
      other: 'o',
    });
    await b.build({}, { buildId: 'first' });
    await writeFile(path.join(b.contextDir, 'src/a.js'), 'two');
    await writeFile(path.join(b.contextDir, 'src/new'), 'n');
    await rm(path.join(b.contextDir, 'src/gone'));
    await b.build();
    expect(outcomes(b.events)).toEqual(['0.1 cached', '0.2 ran', '0.3 ran']);
    expect(storyOfStep(b.events, '0.2')).toEqual({
      kind: 'differs',
      earlier: { builtAt: expect.any(Number), buildId: 'first' },
      differences: [
        {
          kind: 'files',
          from: 'the build context',
          changed: 1,
          added: 1,
          removed: 1,
          files: [
            { path: 'src/a.js', before: mark('one'), now: mark('two') },
            { path: 'src/new', now: mark('n') },
            { path: 'src/gone', before: mark('g') },
          ],
        },
      ],
    });
    expect(storyOfStep(b.events, '0.3')).toMatchObject({
      differences: [{ kind: 'parent', stepId: '0.2', text: 'COPY src .' }],
    });
  });

  test('another value of an argument is named where the text is the same, and a secret one without its value', async () => {
    await using b = await bench({
      Dockerfile: `FROM ${nanoserver}\nARG DIR\nARG API_TOKEN\nCOPY a /$DIR/\nCOPY a /x/\${API_TOKEN}/\n`,
      a: '1',
    });
    await b.build({ buildArgs: { DIR: 'one', API_TOKEN: 'sesame-1' } });
    await b.build({ buildArgs: { DIR: 'two', API_TOKEN: 'sesame-1' } });
    expect(storyOfStep(b.events, '0.3')).toMatchObject({
      differences: [{ kind: 'variable', name: 'DIR', before: 'one', now: 'two' }],
    });
    await b.build({ buildArgs: { DIR: 'one', API_TOKEN: 'sesame-2' } });
    expect(storyOfStep(b.events, '0.4')).toMatchObject({
      differences: [{ kind: 'variable', name: 'API_TOKEN', hidden: true }],
    });
    expect(JSON.stringify(b.events.filter(({ kind }) => kind === 'step-finished'))).not.toContain(
      'sesame',
    );
    expect((await readFile(recordsFile(b.store.dir))).includes('sesame')).toBe(false);
  });

  test('another destination, flag or place in the Dockerfile is named', async () => {
    const dockerfile = (...lines: string[]) => [`FROM ${nanoserver}`, ...lines, ''].join('\n');
    await using b = await bench({ Dockerfile: dockerfile('COPY a /one/'), a: '1', c: '2' });
    await b.build();
    await writeFile(path.join(b.contextDir, 'Dockerfile'), dockerfile('COPY a /two/'));
    await b.build();
    expect(storyOfStep(b.events, '0.1')).toMatchObject({
      differences: [{ kind: 'instruction', part: 'destination', before: 'one/', now: 'two/' }],
    });
    const inserted = dockerfile('COPY c /zero/', 'COPY a /two/');
    await writeFile(path.join(b.contextDir, 'Dockerfile'), inserted);
    await b.build();
    expect(storyOfStep(b.events, '0.2')).toMatchObject({
      differences: [{ kind: 'parent', stepId: '0.1', text: 'COPY c /zero/' }],
    });
    const swapped = dockerfile('COPY a /two/', 'COPY c /zero/');
    await writeFile(path.join(b.contextDir, 'Dockerfile'), swapped);
    await b.build();
    expect(storyOfStep(b.events, '0.1')).toMatchObject({ kind: 'matched' });
    expect(storyOfStep(b.events, '0.2')).toMatchObject({
      differences: [{ kind: 'parent', text: 'COPY a /two/', before: `FROM ${nanoserver}` }],
    });
  });

  test('another base is named by both digests, and another option by its name', async () => {
    await using b = await bench({
      Dockerfile: `ARG TAG=ltsc2022\nFROM layerwright.local/windows/nanoserver:$TAG\nCOPY a /\n`,
      a: '1',
    });
    await b.build();
    await b.build({ compression: 'zstd' });
    expect(storyOfStep(b.events, '0.1')).toMatchObject({
      differences: [{ kind: 'option', name: 'compression', before: 'gzip', now: 'zstd' }],
    });
    await b.build({ buildArgs: { TAG: 'ltsc2025' }, sourceDateEpoch: 1_700_000_000 });
    const names = ['ltsc2022', 'ltsc2025'].map(
      tag => `layerwright.local/windows/nanoserver:${tag}`,
    );
    const [before, now] = await Promise.all(
      names.map(async name => (await b.store.names.resolve(name)).digest),
    );
    expect(storyOfStep(b.events, '0.1')).toMatchObject({
      differences: [
        { kind: 'base', reference: names[1], before, now },
        { kind: 'option', name: 'time of the image', now: '2023-11-14T22:13:20.000Z' },
        { kind: 'option', name: 'platform' },
      ],
    });
  });

  test('the content of a stage that is copied from is named by the stage', async () => {
    const dockerfile = `FROM ${nanoserver} AS tools\nCOPY a /t/\nFROM ${nanoserver}\nCOPY --from=tools /t /t\n`;
    await using b = await bench({ Dockerfile: dockerfile, a: '1' });
    await b.build();
    await writeFile(path.join(b.contextDir, 'a'), '22');
    await b.build();
    expect(storyOfStep(b.events, '1.1')).toMatchObject({
      differences: [{ kind: 'source', from: 'stage tools' }],
    });
  });

  test('a record that was dropped and a layer that is gone are told apart from a change', async () => {
    await using b = await bench({ Dockerfile: `FROM ${nanoserver}\nCOPY a /\n`, a: '1' });
    await b.build({}, { buildId: 'first' });
    withRecords(b.store, records =>
      records.drop(
        records.list().map(({ stepKey }) => stepKey),
        1234,
      ),
    );
    await b.build({}, { buildId: 'second' });
    expect(storyOfStep(b.events, '0.1')).toEqual({
      kind: 'pruned',
      earlier: { builtAt: expect.any(Number), buildId: 'first' },
      prunedAt: 1234,
    });
    const [digest] = withRecords(b.store, records =>
      records.list().flatMap(({ outcome }) => outcome.layer?.descriptor.digest ?? []),
    );
    if (!digest) throw new Error('the step made no layer');
    await b.store.blobs.delete(digest);
    await b.build();
    expect(storyOfStep(b.events, '0.1')).toMatchObject({ kind: 'layer-gone', layer: digest });
  });

  test('of several earlier runs the one that differs least is compared with', async () => {
    await using b = await bench({
      Dockerfile: `FROM ${nanoserver}\nCOPY a /\n`,
      'other/Dockerfile': `FROM ${nanoserver}\nCOPY x /x/\nCOPY a /\n`,
      a: '1',
      x: 'x',
    });
    await b.build({}, { buildId: 'near' });
    await writeFile(path.join(b.contextDir, 'a'), '22');
    await b.build({ compression: 'zstd', dockerfile: path.join(b.contextDir, 'other/Dockerfile') });
    await writeFile(path.join(b.contextDir, 'a'), '333');
    await b.build();
    expect(storyOfStep(b.events, '0.1')).toMatchObject({
      earlier: { buildId: 'near' },
      differences: [{ kind: 'files', files: [{ path: 'a', before: mark('1'), now: mark('333') }] }],
    });
  });
});

describe('a step of another Dockerfile', () => {
  const text = `FROM ${nanoserver}\nCOPY . /app/\n`;
  const many = (prefix: string) =>
    Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`${prefix}${at}`, prefix]));

  test('explains where it is the same project in another folder, and not where it is another project', async () => {
    await using b = await bench({
      ...Object.fromEntries(
        Object.entries(many('f')).map(([name, content]) => [`one/${name}`, content]),
      ),
      ...Object.fromEntries(
        Object.entries(many('f')).map(([name, content]) => [`two/${name}`, content]),
      ),
      ...Object.fromEntries(
        Object.entries(many('g')).map(([name, content]) => [`three/${name}`, content]),
      ),
      'one/Dockerfile': text,
      'two/Dockerfile': text,
      'two/f3': 'changed',
      'three/Dockerfile': text,
    });
    const buildIn = async (name: string) =>
      await b.build({ contextDir: path.join(b.contextDir, name) });
    await buildIn('one');
    await buildIn('two');
    expect(storyOfStep(b.events, '0.1')).toMatchObject({
      kind: 'differs',
      differences: [{ kind: 'files', files: [{ path: 'f3' }] }],
    });
    await buildIn('three');
    expect(storyOfStep(b.events, '0.1')).toEqual({ kind: 'never-built' });
  });
});

describe('running without the cache', () => {
  const dockerfile = `FROM ${nanoserver} AS one\nCOPY a /a/\nCOPY a /b/\nFROM ${nanoserver} AS two\nCOPY a /c/\nCOPY --from=one /a /d\n`;

  test('--no-cache runs every step, and what they make is remembered', async () => {
    await using b = await bench({ Dockerfile: dockerfile, a: '1' });
    await b.build({}, { buildId: 'first' });
    await b.build({ noCache: true }, { buildId: 'second' });
    expect(outcomes(b.events)).toEqual(['0.1 ran', '0.2 ran', '1.1 ran', '1.2 ran']);
    expect(storyOfStep(b.events, '1.2')).toEqual({ kind: 'asked', by: { kind: 'no-cache' } });
    await b.build();
    expect(storyOfStep(b.events, '1.2')).toMatchObject({ earlier: { buildId: 'second' } });
  });

  test('--no-cache-filter takes stages by name in any case and by number', async () => {
    await using b = await bench({ Dockerfile: dockerfile, a: '1' });
    await b.build();
    await b.build({ noCacheFilter: ['ONE'] });
    expect(outcomes(b.events)).toEqual(['0.1 ran', '0.2 ran', '1.1 cached', '1.2 cached']);
    await expect(b.build({ noCacheFilter: ['three'] })).rejects.toMatchObject({
      failure: { field: 'noCacheFilter', problem: expect.stringContaining('one, two') },
    });
    await b.build({ noCacheFilter: ['1'] });
    expect(outcomes(b.events)).toEqual(['0.1 cached', '0.2 cached', '1.1 ran', '1.2 ran']);
    expect(storyOfStep(b.events, '1.1')).toEqual({
      kind: 'asked',
      by: { kind: 'no-cache-filter', stage: 'two' },
    });
  });

  test('one step and all behind it in its stage run, and a stage that took the same files does not', async () => {
    await using b = await bench({ Dockerfile: dockerfile, a: '1' });
    await b.build();
    await b.build({ rerunFrom: 3 });
    expect(outcomes(b.events)).toEqual(['0.1 cached', '0.2 ran', '1.1 cached', '1.2 cached']);
    expect(storyOfStep(b.events, '0.2')).toEqual({
      kind: 'asked',
      by: { kind: 'from-line', line: 3 },
    });
    await b.build({ rerunFrom: 4 });
    expect(outcomes(b.events)).toEqual(['0.1 cached', '0.2 cached', '1.1 ran', '1.2 ran']);
    await expect(b.build({ rerunFrom: 9 })).rejects.toMatchObject({
      failure: { code: 'bad-request', field: 'rerunFrom' },
    });
  });
});
