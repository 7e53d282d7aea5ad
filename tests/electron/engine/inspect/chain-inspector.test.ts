import { beforeAll, describe, expect, test } from 'vitest';
import { compareTrees, comparePage } from '../../../../electron/engine/inspect/compare-trees.ts';
import {
  inspectChain,
  type ChainInspector,
} from '../../../../electron/engine/inspect/chain-inspector.ts';
import { directorySecurityDescriptor } from '../../../../shared/windows/security-descriptor.ts';
import type { FileRow } from '../../../../shared/ipc/image-views.ts';
import { dir, file, hardLink, indexOf, stream, symlink, whiteout } from '../layer/support.ts';

const layers = [
  [
    dir('Files', { securityDescriptor: directorySecurityDescriptor }),
    dir('Files/App'),
    file('Files/App/app.exe', 'version one'),
    file('Files/App/touched.txt', 'same'),
    file('Files/App/removed.txt', 'removed'),
    hardLink('Files/App/link.exe', 'Files/App/app.exe'),
    dir('Files/Old'),
    file('Files/Old/a', 'aaaa'),
    file('Files/Old/b', 'bb'),
    dir('Files/Quiet'),
    file('Files/Quiet/file', 'quiet'),
    symlink('Files/junction', 'C:\\App', true),
  ],
  [
    dir('Files', { securityDescriptor: directorySecurityDescriptor }),
    dir('Files/App'),
    file('Files/App/APP.EXE', 'version two!'),
    stream('Files/App/APP.EXE', 'zone', '123'),
    file('Files/App/touched.txt', 'same', { attributes: 33 }),
    file('Files/App/new.txt', 'brand new'),
    whiteout('Files/App/removed.txt'),
    whiteout('Files/Old'),
  ],
] as const;

let chain: ChainInspector;
beforeAll(async () => {
  chain = inspectChain(await Promise.all(layers.map(indexOf)));
});

const page = { offset: 0, limit: 100 };

function brief({ path, kind, change, size, layerIndex }: FileRow): string {
  return `${path} ${kind} ${change} ${size} ${layerIndex}`;
}

function children(
  directory: string,
  view: 'layer' | 'cumulative',
  sort: 'name' | 'size' | 'change' = 'name',
) {
  return chain.children({ layerIndex: 1, view }, { directory, sort, ...page }).rows.map(brief);
}

describe('a directory of a layer', () => {
  test('shows what the layer did to what is below it', () => {
    expect(children('', 'layer')).toEqual(['Files directory unchanged 28 1']);
    expect(children('files', 'layer')).toEqual([
      'Files/App directory unchanged 28 1',
      'Files/Old directory deleted 6 0',
    ]);
    expect(children('Files/APP', 'layer')).toEqual([
      'Files/App/APP.EXE file modified 12 1',
      'Files/App/APP.EXE:zone stream added 3 1',
      'Files/App/new.txt file added 9 1',
      'Files/App/removed.txt file deleted 7 1',
      'Files/App/touched.txt file metadata 4 1',
    ]);
    expect(children('Files/Old', 'layer')).toEqual([
      'Files/Old/a file deleted 4 1',
      'Files/Old/b file deleted 2 1',
    ]);
  });

  test('shows everything in the cumulative view', () => {
    expect(children('Files', 'cumulative')).toEqual([
      'Files/App directory unchanged 28 1',
      'Files/Old directory deleted 6 0',
      'Files/Quiet directory unchanged 5 0',
      'Files/junction junction unchanged 0 0',
    ]);
  });

  test('sorts by size and by change', () => {
    expect(children('Files/App', 'layer', 'size').map(row => row.split(' ')[3])).toEqual([
      '12',
      '9',
      '7',
      '4',
      '3',
    ]);
    expect(children('Files/App', 'layer', 'change').map(row => row.split(' ')[2])).toEqual([
      'added',
      'added',
      'modified',
      'deleted',
      'metadata',
    ]);
  });

  test('comes in pages, with the total', () => {
    const query = { directory: 'Files/App', sort: 'name', offset: 1, limit: 2 } as const;
    const { rows, total } = chain.children({ layerIndex: 1, view: 'layer' }, query);
    expect([rows.map(({ name }) => name), total]).toEqual([['APP.EXE:zone', 'new.txt'], 5]);
  });

  test('can be narrowed to kinds of change, directories by what is below them', () => {
    const query = { directory: 'Files', sort: 'name', changes: ['metadata'], ...page } as const;
    const { rows } = chain.children({ layerIndex: 1, view: 'layer' }, query);
    expect(rows.map(({ name }) => name)).toEqual(['App']);
  });

  test('that does not exist is empty', () => {
    expect(children('Files/Nowhere', 'layer')).toEqual([]);
  });

  test('says where links lead', () => {
    const { rows } = chain.children(
      { layerIndex: 0, view: 'layer' },
      { directory: 'Files', sort: 'name', ...page },
    );
    expect(rows.at(-1)).toMatchObject({ kind: 'junction', target: 'C:\\App', change: 'added' });
  });
});

test('totals count files, and bytes once however many links name them', () => {
  expect(chain.totals(0)).toEqual({
    added: 8,
    modified: 0,
    deleted: 0,
    metadata: 0,
    files: 8,
    directories: 4,
    bytes: 33,
  });
  expect(chain.totals(1)).toEqual({
    added: 1,
    modified: 1,
    deleted: 3,
    metadata: 1,
    files: 3,
    directories: 2,
    bytes: 28,
  });
});

describe('search', () => {
  const find = (text: string, view: 'layer' | 'cumulative' = 'cumulative') =>
    chain.search({ layerIndex: 1, view }, { text, ...page }).rows.map(({ path }) => path);

  test('finds parts of paths in any case, with either slash, each path once', () => {
    expect(find('APP\\app')).toEqual(['Files/App/APP.EXE', 'Files/App/APP.EXE:zone']);
    expect(find('quiet')).toEqual(['Files/Quiet', 'Files/Quiet/file']);
    expect(find('nothing like it')).toEqual([]);
    expect(find('a\nb')).toEqual([]);
    expect(find('quiet', 'layer')).toEqual([]);
  });

  test('keeps to the kinds of change and to the page', () => {
    const query = { text: 'files', changes: ['deleted'], offset: 1, limit: 1 } as const;
    const { rows, total } = chain.search({ layerIndex: 1, view: 'layer' }, query);
    expect([rows.map(({ path }) => path), total]).toEqual([['Files/Old'], 4]);
  });

  test('of an empty text finds every path', () => {
    expect(chain.search({ layerIndex: 1, view: 'layer' }, { text: '', ...page }).total).toBe(10);
  });
});

test('a treemap has the largest, and one cell for the rest', () => {
  expect(chain.treemap({ layerIndex: 1, view: 'layer' }, 'Files/App', 3)).toEqual([
    { path: 'Files/App/APP.EXE', name: 'APP.EXE', size: 12, change: 'modified', directory: false },
    { path: 'Files/App/new.txt', name: 'new.txt', size: 9, change: 'added', directory: false },
    { path: 'Files/App', name: '', size: 7, change: 'unchanged', directory: false, rest: 2 },
  ]);
});

describe('an entry', () => {
  test('is told in full, with what each layer did to it', () => {
    expect(chain.entry(1, 'files/app/app.exe')).toEqual({
      row: {
        path: 'Files/App/APP.EXE',
        name: 'APP.EXE',
        kind: 'file',
        change: 'modified',
        size: 12,
        layerIndex: 1,
      },
      attributes: ['archive'],
      modified: '2023-11-14T22:13:20.1234567Z',
      accessed: '2023-11-14T22:13:20.1234568Z',
      changed: '2023-11-14T22:13:20.1234569Z',
      created: '2023-11-14T22:13:20.1234570Z',
      streams: [{ name: 'zone', size: 3 }],
      extendedAttributes: [],
      history: [
        { layerIndex: 0, change: 'added', size: 11 },
        { layerIndex: 1, change: 'modified', size: 12 },
      ],
    });
    expect(chain.entry(1, 'Files')).toMatchObject({
      attributes: ['directory'],
      sddl: expect.stringMatching(/^O:BAG:SYD:/),
    });
  });

  test('that only lower layers have is found as well, and one that is gone keeps its history', () => {
    expect(chain.entry(1, 'Files/Quiet/file')).toMatchObject({
      row: { change: 'unchanged', layerIndex: 0 },
    });
    expect(chain.entry(1, 'Files/Old/a')?.history).toEqual([
      { layerIndex: 0, change: 'added', size: 4 },
      { layerIndex: 1, change: 'deleted', size: 0 },
    ]);
    expect(chain.entry(1, 'Files/none')).toBeUndefined();
  });
});

test('two views are compared path by path', () => {
  const difference = compareTrees(chain.tree(0), chain.tree(1));
  expect(comparePage(difference, { offset: 1, limit: 2, text: 'APP' })).toEqual({
    rows: [
      { path: 'Files/App/APP.EXE:zone', change: 'added', rightSize: 3 },
      { path: 'Files/App/new.txt', change: 'added', rightSize: 9 },
    ],
    total: 5,
    totals: { added: 2, modified: 1, deleted: 1, metadata: 1 },
  });
  expect(compareTrees(chain.tree(1), chain.tree(1))).toEqual([]);
});

test('chains that were opened apart are alike where their layers are', async () => {
  const other = inspectChain(await Promise.all(layers.map(indexOf)));
  expect(compareTrees(chain.tree(1), other.tree(1))).toEqual([]);
});

test('a layer beyond the chain is a bug of the caller', () => {
  expect(() => chain.tree(2)).toThrow(RangeError);
});
