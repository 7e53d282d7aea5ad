import { mkdir, readdir, readFile, symlink as makeSymlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LayerEntry } from '../../../../../electron/engine/layer/entry.ts';
import {
  dir,
  failureCode,
  file,
  hardLink,
  stream,
  symlink,
  whiteout,
  type Planned,
} from '../../layer/support.ts';
import { createBench } from './support.ts';

const files = dir('Files');
const base = [files, file('Files/kept', 'kept')];
const refusal = failureCode('layer-import-refused');
const unreadable = failureCode('layer-malformed');

/** Refused as a base and as a layer over one. */
const anywhere: readonly [string, readonly Planned[], object][] = [
  ['leads out of the layer', [files, file('Files/../../escape', 'x')], unreadable],
  ['is absolute', [file('/escape', 'x')], unreadable],
  ['has a drive', [file('C:/escape', 'x')], unreadable],
  ['hides a separator', [files, file('Files/a\\..\\..\\b', 'x')], unreadable],
  ['is foreign at the top', [file('sandbox.vhdx', 'x')], refusal],
  ['poses as what marks a whole layer', [file('layerchain.json', '[]')], refusal],
  ['poses as the list of what is deleted', [file('tombstones.txt', 'x')], refusal],
  ['is a top folder in another spelling', [dir('files'), file('files/x', 'x')], refusal],
  ['is a file where a top folder should be', [file('Files', 'x')], refusal],
  ['is a link where a top folder should be', [symlink('Files', 'C:\\')], refusal],
  ['poses as what is known of a directory', [files, file('Files/a.$WCIDIRS$', 'x')], refusal],
  ['has a character that NTFS cannot hold', [files, file('Files/a?', 'x')], refusal],
  ['has a control character', [files, file('Files/a\u0001', 'x')], refusal],
  ['is longer than NTFS allows', [files, file(`Files/${'a'.repeat(256)}`, 'x')], refusal],
  [
    'collides with another but for case',
    [files, file('Files/a', 'x'), file('Files/A', 'y')],
    unreadable,
  ],
  ['has no parent', [files, file('Files/a/b', 'x')], refusal],
  ['stands below a link', [files, symlink('Files/a', 'C:\\'), file('Files/a/b', 'x')], unreadable],
  ['links out of its volume', [files, hardLink('Files/a', 'Hives/b')], refusal],
  ['links to a directory', [files, dir('Files/d'), hardLink('Files/a', 'Files/d')], refusal],
  [
    'links through a link',
    [files, symlink('Files/d', 'C:\\'), hardLink('Files/a', 'Files/d/b')],
    refusal,
  ],
  ['links to nothing', [files, hardLink('Files/a', 'Files/nothing')], refusal],
  [
    'is a stream of another file',
    [files, file('Files/a', 'x'), file('Files/b', 'y'), stream('Files/a', 's', 'z')],
    refusal,
  ],
  ['is a stream of nothing', [files, stream('Files/a', 's', 'z')], refusal],
  [
    'is a file with the attributes of a directory',
    [files, file('Files/a', 'x', { attributes: 0x10 })],
    refusal,
  ],
  ['has a link target that is too long', [files, symlink('Files/a', 'x'.repeat(9000))], refusal],
  [
    'has an attribute that is too long',
    [files, file('Files/a', 'x', xattr('a'.repeat(256)))],
    refusal,
  ],
];

/** Refused as a layer over others only. */
const over: readonly [string, readonly Planned[]][] = [
  ['changes a utility VM that is not there', [files, dir('UtilityVM'), dir('UtilityVM/Files')]],
  [
    'has something beside the files of a utility VM',
    [files, dir('UtilityVM'), file('UtilityVM/x', 'x')],
  ],
  ['deletes a hive', [files, dir('Hives'), whiteout('Hives/System_Delta')]],
  ['deletes a whole volume', [whiteout('Files')]],
  ['deletes through its own link', [files, symlink('Files/a', 'C:\\'), whiteout('Files/a/b')]],
  [
    'links to what it brings later',
    [files, hardLink('Files/a', 'Files/kept'), file('Files/kept', 'x')],
  ],
];

function xattr(name: string): Partial<LayerEntry> {
  return { extendedAttributes: new Map([[name, Buffer.alloc(1)]]) };
}

describe.each([
  ['a base', false],
  ['a layer over a base', true],
])('in %s', (_, isOver) => {
  test.each(anywhere)(
    'an entry that %s is refused before anything is written',
    async (__, planned, expected) => {
      const { chains, layer, host, folders, scratch } = await createBench();
      const layers = [...(isOver ? [await layer(base)] : []), await layer(planned)];
      if (isOver) await chains.materialize(layers.slice(0, 1));
      const [calls, before] = [[...host.calls], await folders()];
      await expect(chains.materialize(layers)).rejects.toMatchObject(expected);
      expect(host.calls.slice(calls.length).filter(call => !call.startsWith('destroy'))).toEqual(
        [],
      );
      expect(await folders()).toEqual(before);
      expect(await scratch()).toEqual([]);
    },
  );
});

test.each(over)('a layer that %s is refused', async (_, planned) => {
  const { chains, layer, folders, scratch } = await createBench();
  const layers = [await layer(base), await layer(planned)];
  await chains.materialize(layers.slice(0, 1));
  const before = await folders();
  await expect(chains.materialize(layers)).rejects.toMatchObject(refusal);
  expect(await folders()).toEqual(before);
  expect(await scratch()).toEqual([]);
});

test('a base that deletes something is refused', async () => {
  const { chains, layer, folders } = await createBench();
  const layers = [await layer([...base, whiteout('Files/gone')])];
  await expect(chains.materialize(layers)).rejects.toMatchObject(refusal);
  expect(await folders()).toEqual([]);
});

test('a directory whose name Windows takes for a link is refused, so that nothing is written through it', async () => {
  const { chains, layer, folders, host, store } = await createBench();
  const outside = path.join(store.dir, 'outside');
  await mkdir(outside);
  const create = host.files.create.bind(host.files);
  host.files.create = async (native, kind) => {
    const made = await create(native, kind);
    // As NTFS gives a file a short name beside its own.
    const short = path.join(path.dirname(native), 'ALINKT~1');
    if (native.endsWith('a link to elsewhere')) await makeSymlink(outside, short);
    return made;
  };
  const planned = [
    files,
    symlink('Files/a link to elsewhere', outside),
    dir('Files/ALINKT~1'),
    file('Files/ALINKT~1/evil.dll', 'x'),
  ];
  await expect(chains.materialize([await layer(planned)])).rejects.toMatchObject(refusal);
  expect(await readdir(outside)).toEqual([]);
  expect(await folders()).toEqual([]);
});

test('names that few programs can open are unpacked as they are, for steps do make them', async () => {
  const { chains, layer } = await createBench();
  const names = ['nul', 'AUX.txt', 'dot.', 'space '];
  const planned = [files, ...names.map(name => file(`Files/${name}`, name))];
  const { layerDirsNearestFirst } = await chains.materialize([await layer(planned)]);
  for (const name of names) {
    const native = path.join(layerDirsNearestFirst[0] ?? '', 'Files', name);
    expect(await readFile(native, 'utf8')).toBe(name);
  }
});

describe('a layer that is not the one its list of files was made of', () => {
  test('is refused at the first entry that must not be unpacked', async () => {
    const { chains, layer, folders, scratch, indexes } = await createBench();
    const known = await layer(base);
    await indexes.get(known);
    const { descriptor } = await layer([files, file('Files/a*', 'x')]);
    const lying = { descriptor, diffId: known.diffId };
    await expect(chains.materialize([lying])).rejects.toMatchObject(refusal);
    expect(await folders()).toEqual([]);
    expect(await scratch()).toEqual([]);
  });

  test('is refused before Windows makes a layer of it', async () => {
    const { chains, layer, folders, host, indexes } = await createBench();
    const known = await layer(base);
    await indexes.get(known);
    const { descriptor } = await layer([files, file('Files/kept', 'other')]);
    const lying = { descriptor, diffId: known.diffId };
    const mismatch = failureCode('diff-id-mismatch');
    await expect(chains.materialize([lying])).rejects.toMatchObject(mismatch);
    expect(await folders()).toEqual([]);
    expect(host.calls.some(call => call.startsWith('process'))).toBe(false);
  });
});
