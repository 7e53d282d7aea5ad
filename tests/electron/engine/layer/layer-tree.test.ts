import { expect, test } from 'vitest';
import { createLayerTree, type LayerTree } from '../../../../electron/engine/layer/layer-tree.ts';
import {
  dir,
  file,
  hardLink,
  indexOf,
  stream,
  symlink,
  whiteout,
  type Planned,
} from './support.ts';

async function treeOf(...layersBaseFirst: (readonly Planned[])[]): Promise<LayerTree> {
  return createLayerTree(await Promise.all(layersBaseFirst.map(indexOf)));
}

function shown(tree: LayerTree, path = ''): string[] {
  return [...tree.walk(path)].map(found => `${found.path} ${found.entry.kind} ${found.layerIndex}`);
}

const base = [
  dir('Files'),
  dir('Files/Windows'),
  dir('Files/Windows/System32'),
  file('Files/Windows/System32/Kernel32.dll', 'kernel'),
  file('Files/Windows/notepad.exe', 'notepad'),
  stream('Files/Windows/notepad.exe', 'zone', '3'),
  hardLink('Files/Windows/np.exe', 'Files/Windows/notepad.exe'),
];

test('lookups ignore case and say how each segment is spelled', async () => {
  const tree = await treeOf(base);
  expect(tree.lookup('FILES\\windows/SYSTEM32/kernel32.DLL')).toMatchObject({
    path: 'Files/Windows/System32/Kernel32.dll',
    entry: { kind: 'file', size: 6, attributes: 32 },
    layerIndex: 0,
    content: { layerIndex: 0, entryNumber: 3, size: 6 },
  });
  expect(tree.lookup('Files/Windows/missing')).toBeUndefined();
  expect(tree.lookup('Files/../Files')).toBeUndefined();
});

test('an upper layer merges directories, whatever their spelling, and replaces files', async () => {
  const tree = await treeOf(base, [
    dir('Files'),
    dir('Files/WINDOWS'),
    file('Files/WINDOWS/NOTEPAD.EXE', 'new'),
  ]);
  expect(shown(tree)).toEqual([
    'Files directory 1',
    'Files/WINDOWS directory 1',
    'Files/WINDOWS/NOTEPAD.EXE file 1',
    'Files/WINDOWS/np.exe hard-link 0',
    'Files/WINDOWS/System32 directory 0',
    'Files/WINDOWS/System32/Kernel32.dll file 0',
  ]);
  expect(tree.lookup('files/windows/notepad.exe')?.streams).toEqual([]);
});

test('a hard link keeps the content of the file it was made of, even after that file is replaced', async () => {
  const tree = await treeOf(base, [
    dir('Files'),
    dir('Files/Windows'),
    file('Files/Windows/notepad.exe', 'new'),
  ]);
  expect(tree.lookup('Files/Windows/np.exe')?.content).toEqual({
    layerIndex: 0,
    entryNumber: 4,
    size: 7,
  });
});

test('a whiteout removes what is below it in lower layers, but not what its own layer brings', async () => {
  const tree = await treeOf(base, [
    dir('Files'),
    dir('Files/Windows'),
    file('Files/Windows/only', 'x'),
    whiteout('Files/windows'),
  ]);
  expect(shown(tree)).toEqual([
    'Files directory 1',
    'Files/Windows directory 1',
    'Files/Windows/only file 1',
  ]);
});

test('a whiteout of what is not there changes nothing, and one of a file takes its streams along', async () => {
  const tree = await treeOf(base, [
    whiteout('Files/nothing/here'),
    whiteout('Files/Windows/notepad.exe'),
  ]);
  const names = tree.list('Files/Windows')?.map(({ path }) => path);
  expect(names).toEqual(['Files/Windows/np.exe', 'Files/Windows/System32']);
  expect(tree.lookup('Files/Windows/np.exe')?.streams).toEqual([]);
});

test('a file replaces a directory, and a directory a file', async () => {
  const over = [dir('Files'), file('Files/Windows', 'flat')];
  const back = [dir('Files'), dir('Files/Windows'), file('Files/Windows/again', '')];
  expect(shown(await treeOf(base, over))).toEqual(['Files directory 1', 'Files/Windows file 1']);
  expect(shown(await treeOf(base, over, back))).toEqual([
    'Files directory 2',
    'Files/Windows directory 2',
    'Files/Windows/again file 2',
  ]);
});

test('streams belong to their file', async () => {
  const tree = await treeOf(base);
  expect(tree.lookup('Files/Windows/notepad.exe')?.streams).toMatchObject([
    { layerIndex: 0, entryNumber: 5 },
  ]);
  expect(tree.list('Files/Windows')?.map(({ path }) => path)).not.toContain(
    'Files/Windows/notepad.exe:zone',
  );
});

test('symlinks and junctions are followed on demand, inside the volume only', async () => {
  const tree = await treeOf(base, [
    dir('Files'),
    symlink('Files/junction', '\\??\\C:\\Windows', true),
    symlink('Files/relative', 'Windows\\System32'),
    symlink('Files/outside', 'D:\\Windows'),
    symlink('Files/up', '..\\..\\..\\Windows'),
    symlink('Files/loop', 'loop'),
  ]);
  const lookup = (path: string, follow: 'parents' | 'all') => tree.lookup(path, { follow })?.path;
  expect(tree.lookup('Files/junction/notepad.exe')).toBeUndefined();
  expect(lookup('Files/JUNCTION/notepad.exe', 'parents')).toBe('Files/Windows/notepad.exe');
  expect(lookup('Files/relative/kernel32.dll', 'parents')).toBe(
    'Files/Windows/System32/Kernel32.dll',
  );
  expect(lookup('Files/relative', 'parents')).toBe('Files/relative');
  expect(lookup('Files/relative', 'all')).toBe('Files/Windows/System32');
  expect(lookup('Files/up/np.exe', 'all')).toBe('Files/Windows/np.exe');
  expect(lookup('Files/outside/x', 'all')).toBeUndefined();
  expect(lookup('Files/loop', 'all')).toBeUndefined();
});

test('a tree with one more layer leaves the tree before as it was', async () => {
  const before = await treeOf(base);
  const listing = shown(before);
  const after = before.with(
    await indexOf([dir('Files'), file('Files/new', ''), whiteout('Files/Windows/np.exe')]),
  );
  expect(shown(before)).toEqual(listing);
  expect(after.lookup('Files/new')?.layerIndex).toBe(1);
});

test('a layer without directory entries gets implied ones', async () => {
  const tree = await treeOf([dir('Files')], [whiteout('Files/x/y')]);
  expect(tree.lookup('Files/x')).toBeUndefined();
  expect(tree.list('Files')).toEqual([]);
  expect(tree.list('Hives')).toBeUndefined();
});
