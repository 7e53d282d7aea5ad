import { lstat, readFile, symlink as makeSymlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { chainIds } from '../../../../../shared/oci/layer-chain.ts';
import { digestHex } from '../../../../../shared/oci/digest.ts';
import { digestOf } from '../../../../../electron/engine/content/verified.ts';
import { basicInfoOf } from '../../../../../electron/engine/layer/backup/basic-info.ts';
import { decodeReparsePoint } from '../../../../../electron/engine/layer/backup/reparse-point.ts';
import type { ChainProgress } from '../../../../../electron/engine/hcs/chain/chain.ts';
import {
  dir,
  file,
  hardLink,
  stream,
  symlink,
  whiteout,
  type Planned,
} from '../../layer/support.ts';
import { createBench } from './support.ts';

const descriptor = Buffer.from('010004801400000024', 'hex');
const base: readonly Planned[] = [
  dir('Files'),
  dir('Files/Windows', { securityDescriptor: descriptor, modified: 1_500_000_000_000_000_000n }),
  file('Files/Windows/notepad.exe', 'MZ', { securityDescriptor: descriptor, attributes: 0x21 }),
  stream('Files/Windows/notepad.exe', 'note', 'beside it'),
  hardLink('Files/notepad.exe', 'Files/Windows/notepad.exe'),
  symlink('Files/Documents', 'C:\\Users', true),
  file('Files/attributes', 'x', { extendedAttributes: new Map([['EA', Buffer.from([1, 2])]]) }),
];

const utilityVm: readonly Planned[] = [
  dir('UtilityVM'),
  dir('UtilityVM/Files'),
  dir('UtilityVM/Files/EFI'),
  dir('UtilityVM/Files/EFI/Microsoft'),
  dir('UtilityVM/Files/EFI/Microsoft/Boot'),
  file('UtilityVM/Files/EFI/Microsoft/Boot/BCD', 'store'),
  file('UtilityVM/Files/EFI/Microsoft/Boot/bootmgfw.efi', 'MZ boot'),
  file('UtilityVM/Files/old.dll', 'old'),
];

const step: readonly Planned[] = [
  dir('Hives'),
  file('Hives/System_Delta', 'regf'),
  dir('Files', { modified: 1_650_000_000_000_000_000n }),
  dir('Files/App', { modified: 1_600_000_000_000_000_000n }),
  file('Files/App/app.exe', 'MZ app'),
  stream('Files/App/app.exe', 'origin', 'here'),
  hardLink('Files/App/twin.exe', 'Files/App/app.exe'),
  hardLink('Files/App/editor.exe', 'Files/Windows/notepad.exe'),
  symlink('Files/App/link', '..\\Windows'),
  whiteout('Files/attributes'),
];

describe('a base layer', () => {
  test('becomes real files, with directories last and the work of Windows at the end', async () => {
    const { chains, layer, host } = await createBench();
    const layers = [await layer(base)];
    const { layerDirsNearestFirst } = await chains.materialize(layers);
    const [layerDir = ''] = layerDirsNearestFirst;
    const at = (name: string) => path.join(layerDir, 'Files', name);
    expect(path.basename(layerDir)).toBe(digestHex(layers[0]?.diffId ?? fail()));
    expect(await readFile(at('Windows/notepad.exe'), 'utf8')).toBe('MZ');
    const [own, twin] = await Promise.all([
      lstat(at('Windows/notepad.exe')),
      lstat(at('notepad.exe')),
    ]);
    expect(twin.ino).toBe(own.ino);
    const [entry] = base[2] ?? fail();
    expect(await host.files.basicInfo(at('Windows/notepad.exe'))).toEqual(basicInfoOf(entry));
    const [folder] = base[1] ?? fail();
    expect(await host.files.basicInfo(at('Windows'))).toEqual(basicInfoOf(folder));
    const streams = await host.files.streamsOf(at('Windows/notepad.exe'));
    expect(
      streams.map(({ header, content }) => [header.kind, header.name, String(content)]),
    ).toEqual([
      ['security', '', String(descriptor)],
      ['alternate-data', ':note:$DATA', 'beside it'],
    ]);
    const [reparse] = await host.files.streamsOf(at('Documents'));
    expect(decodeReparsePoint(reparse?.content ?? fail())).toEqual({
      kind: 'link',
      target: 'C:\\Users',
      mountPoint: true,
    });
    expect(host.calls.map(call => call.split(' ')[0])).toEqual(['destroy', 'process-base']);
    expect(await readFile(path.join(layerDir, 'layerchain.json'), 'utf8')).toBe('[]');
  });

  test('keeps the boot files of its utility VM as they were before Windows changed them', async () => {
    const { chains, layer, host } = await createBench();
    const chain = await chains.materialize([await layer([...base, ...utilityVm])]);
    const [layerDir = ''] = chain.layerDirsNearestFirst;
    const bcd = path.join(layerDir, 'UtilityVM/Files/EFI/Microsoft/Boot/BCD');
    expect(await readFile(bcd, 'utf8')).toBe('store changed');
    expect(await readFile(path.join(layerDir, 'bcd.bak'), 'utf8')).toBe('store');
    expect(host.calls.at(-1)).toMatch(/^process-vm/);
  });
});

describe('a layer over others', () => {
  test('is imported, then loses what it deletes and gets its links', async () => {
    const { chains, layer, host, scratch } = await createBench();
    const layers = [await layer(base), await layer(step)];
    const { layerDirsNearestFirst, chainId } = await chains.materialize(layers);
    const [own = '', parent = ''] = layerDirsNearestFirst;
    const at = (name: string) => path.join(own, 'Files', name);
    const ids = chainIds(
      layers.map(({ diffId }) => diffId),
      digestOf,
    );
    expect(chainId).toBe(ids[1]);
    expect(await readFile(at('App/app.exe'), 'utf8')).toBe('MZ app');
    expect(await inode(at('App/twin.exe'))).toBe(await inode(at('App/app.exe')));
    expect(await inode(at('App/editor.exe'))).toBe(
      await inode(path.join(parent, 'Files/Windows/notepad.exe')),
    );
    expect(await readFile(path.join(own, 'Hives/System_Delta'), 'utf8')).toBe('regf');
    const [folder] = step[3] ?? fail();
    expect(await host.files.basicInfo(at('App'))).toEqual(basicInfoOf(folder));
    const [link] = step[8] ?? fail();
    expect(await host.files.basicInfo(at('App/link'))).toEqual(basicInfoOf(link));
    expect(host.calls.map(call => call.split(' ')[0])).toEqual([
      'destroy',
      'process-base',
      'destroy',
      'import',
    ]);
    expect(JSON.parse(await readFile(path.join(own, 'layerchain.json'), 'utf8'))).toEqual([parent]);
    expect(await scratch()).toEqual([]);
  });

  test('deletes what the import brings up from below, trees and links included', async () => {
    const { chains, layer, host } = await createBench();
    host.onImport = async (_, layerDir) => {
      const gone = path.join(layerDir, 'Files/gone');
      await (await host.files.create(path.dirname(gone), 'directory')).close();
      await (await host.files.create(gone, 'directory')).close();
      await (await host.files.create(path.join(gone, 'below'), 'file')).close();
    };
    const layers = [await layer(base), await layer([dir('Files'), whiteout('Files/gone')])];
    const [own = ''] = (await chains.materialize(layers)).layerDirsNearestFirst;
    await expect(lstat(path.join(own, 'Files/gone'))).rejects.toThrow('ENOENT');
  });

  test('keeps what it deletes below and brings itself', async () => {
    const { chains, layer } = await createBench();
    const planned = [dir('Files'), whiteout('Files/attributes'), file('Files/attributes', 'new')];
    const layers = [await layer(base), await layer(planned)];
    const [own = ''] = (await chains.materialize(layers)).layerDirsNearestFirst;
    expect(await readFile(path.join(own, 'Files/attributes'), 'utf8')).toBe('new');
  });

  test('never deletes or links through a link that a layer below brought', async () => {
    const { chains, layer, host, store } = await createBench();
    const outside = path.join(store.dir, 'outside');
    await (await host.files.create(outside, 'directory')).close();
    await (await host.files.create(path.join(outside, 'victim'), 'file')).close();
    host.onImport = async (_, layerDir) => {
      const files = path.join(layerDir, 'Files');
      await (await host.files.create(files, 'directory')).close();
      await makeSymlink(outside, path.join(files, 'away'));
      const info = await host.files.basicInfo(outside);
      await host.files.setBasicInfo(path.join(files, 'away'), { ...info, attributes: 0x410 });
    };
    const layers = [await layer(base), await layer([dir('Files'), whiteout('Files/away/victim')])];
    await chains.materialize(layers);
    await lstat(path.join(outside, 'victim'));
  });

  test('changes a copy of the utility VM below, whose other files it shares', async () => {
    const { chains, layer } = await createBench();
    const boot = 'UtilityVM/Files/EFI/Microsoft/Boot';
    const patch: readonly Planned[] = [
      dir('Files'),
      dir('UtilityVM'),
      dir('UtilityVM/Files'),
      dir('UtilityVM/Files/EFI', { modified: 1_550_000_000_000_000_000n }),
      file(`${boot}/bootmgfw.efi`, 'MZ new'),
      whiteout('UtilityVM/Files/old.dll'),
    ];
    const layers = [await layer([...base, ...utilityVm]), await layer(patch)];
    const [own = '', parent = ''] = (await chains.materialize(layers)).layerDirsNearestFirst;
    const text = (layerDir: string, name: string) => readFile(path.join(layerDir, name), 'utf8');
    expect(await text(own, `${boot}/bootmgfw.efi`)).toBe('MZ new');
    expect(await text(parent, `${boot}/bootmgfw.efi`)).toBe('MZ boot');
    // Copied, so that what Windows does to it does not reach the parent.
    expect(await text(own, `${boot}/BCD`)).toBe('store changed changed');
    expect(await text(parent, `${boot}/BCD`)).toBe('store changed');
    await expect(lstat(path.join(own, 'UtilityVM/Files/old.dll'))).rejects.toThrow('ENOENT');
    await lstat(path.join(parent, 'UtilityVM/Files/old.dll'));
  });
});

describe('a chain', () => {
  test('is unpacked once, whoever asks for it', async () => {
    const { chains, layer, host, open } = await createBench();
    const layers = [await layer(base), await layer(step)];
    const first = await chains.materialize(layers);
    const calls = [...host.calls];
    expect(await chains.materialize(layers)).toEqual(first);
    expect(await open(host).materialize(layers)).toEqual(first);
    expect(host.calls).toEqual(calls);
  });

  test('is unpacked once when several ask at the same time, in one process and in two', async () => {
    const { chains, layer, host, open } = await createBench();
    const layers = [await layer(base), await layer(step)];
    const other = open(host);
    await Promise.all([chains, chains, other, other].map(each => each.materialize(layers)));
    const done = host.calls.filter(call => !call.startsWith('destroy'));
    expect(done.map(call => call.split(' ')[0])).toEqual(['process-base', 'import']);
  });

  test('tells how far it is, with totals from the start', async () => {
    const { chains, layer } = await createBench();
    const layers = [await layer(base), await layer(step)];
    const told: ChainProgress[] = [];
    await chains.materialize(layers, { onProgress: progress => told.push(progress) });
    const unpacking = told.filter(({ phase }) => phase === 'unpack');
    expect(unpacking.map(({ totalEntries }) => totalEntries)).toContain(base.length);
    expect(unpacking.at(-1)).toMatchObject({
      layerIndex: 1,
      layerCount: 2,
      entries: step.length,
      totalEntries: step.length,
    });
    expect(unpacking.every(({ bytes, totalBytes }) => bytes <= totalBytes)).toBe(true);
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual(['check', 'unpack', 'import']);
  });
});

async function inode(file: string): Promise<number> {
  return (await lstat(file)).ino;
}

function fail(): never {
  throw new Error('it is not there');
}
