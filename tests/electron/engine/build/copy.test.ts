import { execFileSync } from 'node:child_process';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createChangeSet } from '../../../../electron/engine/build/copy/change-set.ts';
import { collect, type Selection } from '../../../../electron/engine/build/copy/collect.ts';
import { noFiles, type ImageFiles } from '../../../../electron/engine/build/copy/image-files.ts';
import { selectionOf } from '../../../../electron/engine/build/copy/key.ts';
import { place, type Destination } from '../../../../electron/engine/build/copy/place.ts';
import type { LayerEntry } from '../../../../electron/engine/layer/entry.ts';
import type { SourceTree } from '../../../../electron/engine/build/sources/source-tree.ts';
import { pathKey } from '../../../../shared/windows/windows-path.ts';
import { folderTree, tempDir, writeFiles, type Files } from './folder.ts';

/** An image with these entries below the volume root: `null` a folder, text a file, `{ link }` a junction. */
function imageWith(entries: Files): ImageFiles {
  const byKey = new Map<string, LayerEntry>();
  for (const [name, content] of Object.entries(entries)) {
    const common = { path: `Files/${name}`, attributes: 0, modified: 0n };
    const entry: LayerEntry =
      content === null
        ? { ...common, kind: 'directory', attributes: 0x12 }
        : typeof content === 'string'
          ? { ...common, kind: 'file', size: content.length }
          : { ...common, kind: 'symlink', target: content.link, mountPoint: true };
    byKey.set(pathKey(name), entry);
  }
  return { find: async name => byKey.get(pathKey(name)) };
}

function to(written: string): Destination {
  const slashed = written.replaceAll('\\', '/');
  return {
    path: slashed.split('/').filter(Boolean).join('/'),
    isFolder: slashed.endsWith('/'),
    written,
  };
}

const everything: Omit<Selection, 'sources'> = { excludes: [], parents: false };

async function copied(
  tree: SourceTree,
  selection: Partial<Selection>,
  destination: string,
  image = noFiles,
): Promise<string[]> {
  const collected = await collect(tree, { ...everything, sources: ['.'], ...selection });
  const changes = createChangeSet(image);
  for (const placed of await place(collected, to(destination), image)) await changes.add(placed);
  return changes
    .sorted()
    .map(change => `${change.kind === 'content' ? change.node.kind : change.kind} ${change.path}`);
}

async function withFiles<T>(
  files: Files,
  work: (tree: SourceTree, dir: string) => Promise<T>,
  dockerignore?: string,
): Promise<T> {
  await using temp = await tempDir();
  await writeFiles(temp.dir, files);
  return await work(folderTree(temp.dir, dockerignore), temp.dir);
}

const failure = (fields: object) => ({ failure: expect.objectContaining(fields) });

describe('where COPY puts things', () => {
  const files: Files = {
    'a.txt': 'a',
    'b.txt': 'bb',
    'dir/x.txt': 'x',
    'dir/sub/y.txt': 'y',
    'dir/empty': null,
  };

  test.each<[string, Partial<Selection>, string, Files, string[]]>([
    [
      'a file becomes the destination',
      { sources: ['a.txt'] },
      'app/new.txt',
      {},
      ['folder app', 'file app/new.txt'],
    ],
    [
      'a file goes into a destination that ends with a separator',
      { sources: ['a.txt'] },
      'app\\',
      {},
      ['folder app', 'file app/a.txt'],
    ],
    [
      'a file goes into a folder of the image, which keeps its spelling',
      { sources: ['a.txt'] },
      'APP',
      { App: null },
      ['kept-folder App', 'file App/a.txt'],
    ],
    [
      'a file replaces a file of the image under its spelling',
      { sources: ['a.txt'] },
      'APP/A.TXT',
      { App: null, 'App/A.txt': 'old' },
      ['kept-folder App', 'file App/A.txt'],
    ],
    [
      'the content of a folder is copied, not the folder',
      { sources: ['dir'] },
      'dst',
      {},
      ['folder dst', 'folder dst/empty', 'folder dst/sub', 'file dst/sub/y.txt', 'file dst/x.txt'],
    ],
    ['an empty folder is made', { sources: ['dir/empty'] }, 'dst', {}, ['folder dst']],
    [
      'several files go into a folder',
      { sources: ['b.txt', 'a.txt'] },
      'dst/',
      {},
      ['folder dst', 'file dst/a.txt', 'file dst/b.txt'],
    ],
    [
      'a wildcard takes what matches',
      { sources: ['[ab].txt'] },
      'dst/',
      {},
      ['folder dst', 'file dst/a.txt', 'file dst/b.txt'],
    ],
    [
      'a wildcard in a folder part is matched there',
      { sources: ['d*/s?b/*.txt'] },
      'dst/',
      {},
      ['folder dst', 'file dst/y.txt'],
    ],
    ['the root is no folder of its own', { sources: ['a.txt'] }, '/', {}, ['file a.txt']],
    [
      '--exclude leaves out',
      { sources: ['dir'], excludes: ['**/*.txt', '!x.txt'] },
      'dst',
      {},
      ['folder dst', 'folder dst/empty', 'folder dst/sub', 'file dst/x.txt'],
    ],
    [
      '--exclude counts for files that a wildcard names',
      { sources: ['*.txt'], excludes: ['b*'] },
      'dst/',
      {},
      ['folder dst', 'file dst/a.txt'],
    ],
    [
      '--parents keeps the folders',
      { sources: ['dir/sub/y.txt', 'a.txt'], parents: true },
      'dst/',
      {},
      [
        'folder dst',
        'file dst/a.txt',
        'folder dst/dir',
        'folder dst/dir/sub',
        'file dst/dir/sub/y.txt',
      ],
    ],
    [
      '--parents keeps only what follows the pivot',
      { sources: ['dir/./sub/y.txt'], parents: true },
      'dst/',
      {},
      ['folder dst', 'folder dst/sub', 'file dst/sub/y.txt'],
    ],
    [
      '--parents knows ** and takes matched folders whole',
      { sources: ['**/sub'], parents: true },
      'dst/',
      {},
      ['folder dst', 'folder dst/dir', 'folder dst/dir/sub', 'file dst/dir/sub/y.txt'],
    ],
    [
      'a junction of the image on the way is followed',
      { sources: ['a.txt'] },
      'Documents and Settings/x/',
      { 'Documents and Settings': { link: String.raw`\??\C:\Users` }, Users: null },
      ['kept-folder Users', 'folder Users/x', 'file Users/x/a.txt'],
    ],
    [
      'nothing changes where only folders are copied that exist',
      { sources: ['dir/empty'] },
      'dst',
      { dst: null },
      [],
    ],
  ])('%s', async (_, ...[selection, destination, image, expected]) => {
    expect(
      await withFiles(files, tree => copied(tree, selection, destination, imageWith(image))),
    ).toEqual(expected);
  });

  test.each<[string, Partial<Selection>, string, Files, object]>([
    [
      'a source that is not there',
      { sources: ['nope.txt'] },
      'x',
      {},
      { code: 'source-missing', source: 'nope.txt' },
    ],
    [
      'a wildcard that matches nothing',
      { sources: ['*.zip'] },
      'x/',
      {},
      { code: 'source-missing', source: '*.zip' },
    ],
    ['a bad pattern', { sources: ['[a'] }, 'x/', {}, { code: 'pattern-invalid' }],
    [
      'a source above the context',
      { sources: ['dir/../../secret'] },
      'x',
      {},
      { code: 'source-refused', problem: expect.stringContaining('..') },
    ],
    [
      'several files and no folder',
      { sources: ['*.txt'] },
      'x',
      {},
      { code: 'destination-refused', path: 'x' },
    ],
    [
      'a folder over a file',
      { sources: ['dir'] },
      'x',
      { x: 'file' },
      { code: 'destination-refused' },
    ],
    [
      'a file over a folder',
      { sources: ['dir'] },
      'y',
      { y: null, 'y/x.txt': null },
      { code: 'destination-refused', path: 'y/x.txt' },
    ],
    [
      'a folder below a file',
      { sources: ['a.txt'] },
      'f/g/',
      { f: 'file' },
      { code: 'destination-refused' },
    ],
    [
      'junctions in a circle',
      { sources: ['a.txt'] },
      'l/x',
      { l: { link: 'C:\\m' }, m: { link: 'C:\\l' } },
      { code: 'destination-refused' },
    ],
  ])('%s is refused', async (_, ...[selection, destination, image, expected]) => {
    await withFiles(files, tree =>
      expect(copied(tree, selection, destination, imageWith(image))).rejects.toMatchObject(
        failure(expected),
      ),
    );
  });

  test.each<[string, Files, string]>([
    ['names that differ only by case', { 'd/Readme': '1', 'd/README': '2' }, 'd/Readme'],
    ['folders that differ only by case', { 'd/Lib/a': '1', 'd/lib/b': '2' }, 'd/lib'],
    ['a device name', { 'd/aux.txt': '' }, 'd/aux.txt'],
    ['a name with a colon', { 'd/a:b': '' }, 'd/a:b'],
    ['a name that ends with a dot', { 'd/a.': '' }, 'd/a.'],
    ['a folder that ends with a space', { 'd/a /b': '' }, 'd/a '],
    ['a name that means a removal', { 'd/.wh.x': '' }, 'd/.wh.x'],
  ])('%s: refused, with the file named', async (_, files, named) => {
    await withFiles(files, async tree => {
      const error: unknown = await copied(tree, {}, '/').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject(failure({ code: 'source-refused' }));
      expect(error).toHaveProperty('message', expect.stringContaining(named));
    });
  });

  test('a name that is not valid UTF-8 is refused', async () => {
    await using temp = await tempDir();
    await writeFile(Buffer.concat([Buffer.from(`${temp.dir}/bad-`), Buffer.from([0xff])]), '');
    await expect(copied(folderTree(temp.dir), {}, '/')).rejects.toMatchObject(
      failure({ code: 'source-refused', problem: expect.stringContaining('UTF-8') }),
    );
  });
});

describe('links in the context', () => {
  test('a source that is a link is followed, one inside a folder is kept', async () => {
    const files: Files = {
      'real/file.txt': 'x',
      'real/inner': { link: 'file.txt' },
      alias: { link: 'real' },
      one: { link: './alias/file.txt' },
    };
    expect(await withFiles(files, tree => copied(tree, { sources: ['alias'] }, 'd/'))).toEqual([
      'folder d',
      'file d/file.txt',
      'symlink d/inner',
    ]);
    expect(await withFiles(files, tree => copied(tree, { sources: ['one'] }, 'd/'))).toEqual([
      'folder d',
      'file d/one',
    ]);
  });

  test.each<[string, Files, string]>([
    ['that leave by ..', { 'd/out': { link: '../../etc' } }, 'd'],
    ['that are absolute', { 'd/out': { link: '/etc/passwd' } }, 'd'],
    ['that leave and are named', { out: { link: '../secret' } }, 'out'],
    ['that leave on the way', { out: { link: '/etc' } }, 'out/passwd'],
    ['in a circle', { a: { link: 'b' }, b: { link: 'a' } }, 'a'],
  ])('links %s are refused', async (_, files, source) => {
    await withFiles(files, tree =>
      expect(copied(tree, { sources: [source] }, 'x/')).rejects.toMatchObject(
        failure({ code: 'source-refused' }),
      ),
    );
  });
});

describe('the context as a whole', () => {
  test('.dockerignore leaves out, brings back, and the message for a named file says so', async () => {
    const files: Files = { 'keep.txt': '', 'docs/a.md': '', 'docs/README.md': '', 'log/1': '' };
    const dockerignore = 'docs\n!docs/README.md\nlog\n';
    expect(await withFiles(files, tree => copied(tree, {}, '/'), dockerignore)).toEqual([
      'folder docs',
      'file docs/README.md',
      'file keep.txt',
    ]);
    await withFiles(
      files,
      tree =>
        expect(copied(tree, { sources: ['log/1'] }, 'x')).rejects.toMatchObject(
          failure({ code: 'source-missing', ignored: true }),
        ),
      dockerignore,
    );
  });

  test('a pipe is refused by name, but only where it would be copied', async () => {
    await withFiles({ 'd/x': '1', 'other/y': '2' }, async (tree, dir) => {
      execFileSync('mkfifo', [path.join(dir, 'd', 'pipe')]);
      await expect(copied(tree, { sources: ['d'] }, 'x/')).rejects.toMatchObject(
        failure({ code: 'source-refused', path: 'd/pipe' }),
      );
      expect(await copied(tree, { sources: ['other'] }, 'x/')).toEqual(['folder x', 'file x/y']);
    });
  });

  test('is sorted by code points, on every machine', async () => {
    const names = ['b', 'a', 'B', '~', 'ä', '\uFF21', '\u{1F600}', 'a-', 'a.b', 'a/c'];
    const listed = await withFiles(
      Object.fromEntries(names.filter(n => n !== 'a' && n !== 'B').map(n => [n, ''])),
      tree => copied(tree, {}, '/'),
    );
    expect(listed).toEqual([
      'folder a',
      'file a/c',
      'file a-',
      'file a.b',
      'file b',
      'file ~',
      'file ä',
      'file \uFF21',
      'file \u{1F600}',
    ]);
  });

  test('a file that changes or vanishes after it was listed is refused by name', async () => {
    await withFiles({ 'd/x': '1', 'd/y': '2' }, async (tree, dir) => {
      const [, x, y] = await collect(tree, { ...everything, sources: ['d'] });
      await appendFile(path.join(dir, 'd/x'), 'more');
      await rm(path.join(dir, 'd/y'));
      const read = async (item: typeof x) => {
        if (item?.node.kind === 'file') for await (const _ of item.node.read());
      };
      await expect(read(x)).rejects.toMatchObject(
        failure({
          code: 'source-refused',
          path: 'd/x',
          problem: expect.stringContaining('changed'),
        }),
      );
      await expect(read(y)).rejects.toMatchObject(
        failure({
          code: 'source-refused',
          path: 'd/y',
          problem: expect.stringContaining('vanished'),
        }),
      );
    });
  });

  test('a selection is known by names, contents and links, and by times only where they are kept', async () => {
    const keyOf = (files: Files, keepTimes: boolean) =>
      withFiles(files, async tree => {
        const collected = await collect(tree, { ...everything, sources: ['.'] });
        return (await selectionOf(collected, keepTimes)).key;
      });
    const files: Files = { 'a/x': '1', l: { link: 'a' } };
    expect(await keyOf(files, false)).toBe(await keyOf(files, false));
    expect(await keyOf(files, true)).not.toBe(await keyOf(files, true));
    for (const other of [
      { 'a/x': '2', l: { link: 'a' } },
      { 'a/y': '1', l: { link: 'a' } },
      { 'a/x': '1', l: { link: 'a/x' } },
    ]) {
      expect(await keyOf(other, false)).not.toBe(await keyOf(files, false));
    }
  });
});
