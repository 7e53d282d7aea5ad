import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  inspectChain,
  type ChainInspector,
} from '../../../../electron/engine/inspect/chain-inspector.ts';
import type { FindQuery } from '../../../../electron/engine/inspect/find-entries.ts';
import { parseGlob } from '../../../../electron/engine/inspect/glob.ts';
import { pathKey } from '../../../../shared/windows/windows-path.ts';
import { dir, file, hardLink, indexOf, stream, symlink, whiteout } from '../layer/support.ts';

const day = 86_400_000_000_000n;
const january = 1_704_067_200_000_000_000n;

const layers = [
  [
    dir('Files'),
    dir('Files/App'),
    file('Files/App/app.exe', 'version one', { modified: january }),
    file('Files/App/data.bin', 'x'.repeat(1000), { modified: january + 10n * day }),
    hardLink('Files/App/link.exe', 'Files/App/app.exe'),
    dir('Files/Old'),
    file('Files/Old/a.log', 'aaaa'),
    symlink('Files/junction', 'C:\\App', true),
  ],
  [
    dir('Files'),
    dir('Files/APP'),
    file('Files/APP/App.exe', 'version two!', { modified: january + 20n * day }),
    stream('Files/APP/App.exe', 'zone', 'internet'),
    whiteout('Files/Old'),
  ],
  [dir('Files'), dir('Files/App'), file('Files/App/copy.bin', 'x'.repeat(1000))],
] as const;

let chain: ChainInspector;
beforeAll(async () => {
  chain = inspectChain(await Promise.all(layers.map(indexOf)));
});

function find(query: Partial<FindQuery>): string[] {
  const { rows } = chain.find({ state: 'any', offset: 0, limit: 100, ...query });
  return rows.map(({ path, layerIndex, state }) => `${path} ${layerIndex} ${state}`);
}

describe('a search over all layers', () => {
  test('finds parts of paths, whatever layer, and says what the image still shows', () => {
    expect(find({ text: 'app\\APP' })).toEqual([
      'Files/App/app.exe 0 hidden',
      'Files/APP/App.exe 1 shown',
      'Files/APP/App.exe:zone 1 shown',
    ]);
    expect(find({ text: 'old' })).toEqual([
      'Files/Old 0 hidden',
      'Files/Old 1 hidden',
      'Files/Old/a.log 0 hidden',
    ]);
  });

  test.each<[string, Partial<FindQuery>, string[]]>([
    ['a glob for names', { glob: '*.EXE' }, ['app.exe 0', 'App.exe 1', 'link.exe 0']],
    ['a glob for paths', { glob: 'files/*/*.bin' }, ['copy.bin 2', 'data.bin 0']],
    ['sizes', { minSize: 12, maxSize: 1000 }, ['App.exe 1', 'copy.bin 2', 'data.bin 0']],
    [
      'days',
      {
        modifiedFrom: Number(january / 1_000_000n),
        modifiedTo: Number((january + 10n * day) / 1_000_000n),
      },
      ['app.exe 0', 'data.bin 0'],
    ],
    ['kinds', { kinds: ['junction', 'whiteout'] }, ['junction 0', 'Old 1']],
    ['what is hidden', { state: 'hidden', glob: '*.log' }, ['a.log 0']],
    ['what is shown', { state: 'shown', text: 'app.exe', kinds: ['file'] }, ['App.exe 1']],
    ['several at once', { glob: '*.bin', minSize: 1000, text: 'data' }, ['data.bin 0']],
  ])('by %s', (_, query, expected) => {
    const { rows } = chain.find({ state: 'any', offset: 0, limit: 100, ...query });
    expect(rows.map(({ name, layerIndex }) => `${name} ${layerIndex}`)).toEqual(expected);
  });

  test('by the sha256 of a content, or a part of it', () => {
    const digest = createHash('sha256').update('x'.repeat(1000)).digest('hex');
    const found = ['Files/App/copy.bin 2 shown', 'Files/App/data.bin 0 shown'];
    expect(find({ contentHash: digest })).toEqual(found);
    expect(find({ contentHash: `SHA256:${digest.slice(0, 8).toUpperCase()}` })).toEqual(found);
    expect(find({ contentHash: '0'.repeat(64) })).toEqual([]);
  });

  test('gives links the size and hash of their file, and whiteouts no time', () => {
    const query = { state: 'any', offset: 0, limit: 10 } as const;
    const [link] = chain.find({ ...query, glob: 'link.exe' }).rows;
    const [linked] = chain.find({ ...query, glob: 'app.exe' }).rows;
    expect(link).toMatchObject({ size: 11, target: 'Files/App/app.exe' });
    expect(link?.contentHash).toBe(linked?.contentHash);
    const [gone] = chain.find({ ...query, kinds: ['whiteout'] }).rows;
    expect(gone && 'modified' in gone).toBe(false);
  });

  test('comes in pages, with the total', () => {
    const page = chain.find({ state: 'any', offset: 2, limit: 1, text: 'app\\APP' });
    expect([page.rows.map(({ name }) => name), page.total]).toEqual([['App.exe:zone'], 3]);
  });
});

describe('the history of a path', () => {
  test('says which layer added, changed and deleted it, and by what', () => {
    expect(chain.history('files\\app\\APP.exe')).toMatchObject({
      path: 'Files/App/App.exe',
      changes: [
        { layerIndex: 0, change: 'added', size: 11, by: 'entry', at: 'Files/App/app.exe' },
        { layerIndex: 1, change: 'modified', size: 12, by: 'entry', at: 'Files/APP/App.exe' },
      ],
    });
    expect(chain.history('Files/Old/a.log').changes).toMatchObject([
      { layerIndex: 0, change: 'added', kind: 'file' },
      { layerIndex: 1, change: 'deleted', size: 0, by: 'whiteout', at: 'Files/Old' },
    ]);
    expect(chain.history('Files/none').changes).toEqual([]);
  });

  test('tells a file that took the place of a directory above', async () => {
    const flat = [dir('Files'), file('Files/App', 'flat')];
    const other = inspectChain(await Promise.all([layers[0], flat].map(indexOf)));
    expect(other.history('Files/App/data.bin').changes.at(-1)).toMatchObject({
      change: 'deleted',
      by: 'replaced-parent',
      at: 'Files/App',
    });
  });
});

test('the content of a path is that of the layer that is asked for', () => {
  expect(chain.contentAt(0, 'Files/App/app.exe')?.at).toEqual({ layerIndex: 0, entryNumber: 2 });
  expect(chain.contentAt(2, 'files/app/app.exe')).toEqual({
    at: { layerIndex: 1, entryNumber: 2 },
    path: 'Files/App/App.exe',
  });
  expect(chain.contentAt(2, 'Files/App/link.exe')?.at).toEqual({ layerIndex: 0, entryNumber: 2 });
  expect(chain.contentAt(1, 'Files/App/App.exe:ZONE')?.at.entryNumber).toBe(3);
  expect(chain.contentAt(1, 'Files/Old/a.log')).toBeUndefined();
  expect(chain.contentAt(1, 'Files/App')).toBeUndefined();
});

describe('a glob', () => {
  test.each([
    ['*.dll', 'a.dll', true],
    ['*.dll', 'a.dll.mui', false],
    ['?.dll', 'ab.dll', false],
    ['**/bin/*', 'Files/x/y/bin/z', true],
    ['**/bin/*', 'bin/z', true],
    ['Files/**', 'Files/a/b', true],
    ['files/**/x', 'Files/x', true],
    ['Files/*', 'Files/a/b', false],
    ['a[1].txt', 'A[1].TXT', true],
    ['Files\\*', 'Files/a', true],
  ])('%s and %s: %s', (glob, path, expected) => {
    expect(parseGlob(glob).matches(pathKey(path))).toBe(expected);
  });

  test('that is made to be slow is not', () => {
    const started = performance.now();
    expect(parseGlob(`${'*a'.repeat(200)}b`).matches('A'.repeat(2000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
