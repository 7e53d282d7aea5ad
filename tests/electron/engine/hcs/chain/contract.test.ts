import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readExport } from '../../../../../electron/engine/hcs/chain/read-export.ts';
import type { WindowsHost } from '../../../../../electron/engine/hcs/host.ts';
import { createWindowsHost } from '../../../../../electron/engine/hcs/windows-host.ts';
import { basicInfoOf } from '../../../../../electron/engine/layer/backup/basic-info.ts';
import { entryStreams } from '../../../../../electron/engine/layer/backup/entry-streams.ts';
import type { LayerEntry } from '../../../../../electron/engine/layer/entry.ts';
import { loadDoubles } from '../../../../support/doubles.ts';
import {
  bytesOf,
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

type LayerHost = Pick<WindowsHost, 'files' | 'layers'>;

const descriptor = Buffer.from(
  '010004801400000000000000000000000000000001010000000000051200000000',
  'hex',
);
const config = 'Files/Windows/System32/config';
const boot = 'UtilityVM/Files/EFI/Microsoft/Boot';

const base: readonly Planned[] = [
  dir('Files'),
  dir('Files/Windows', { securityDescriptor: descriptor, modified: 1_500_000_000_000_000_000n }),
  dir('Files/Windows/System32'),
  dir(config),
  ...['DEFAULT', 'SAM', 'SECURITY', 'SOFTWARE', 'SYSTEM'].map(name =>
    file(`${config}/${name}`, 'regf'),
  ),
  file('Files/Windows/notepad.exe', 'MZ', { securityDescriptor: descriptor }),
  stream('Files/Windows/notepad.exe', 'note', 'beside it'),
  hardLink('Files/notepad.exe', 'Files/Windows/notepad.exe'),
  dir('Files/gone'),
  file('Files/gone/below', 'x'),
  symlink('Files/Documents', 'C:\\Users', true),
  dir('UtilityVM'),
  dir('UtilityVM/Files'),
  dir('UtilityVM/Files/EFI'),
  dir('UtilityVM/Files/EFI/Microsoft'),
  dir(boot),
  file(`${boot}/BCD`, 'store'),
  file(`${boot}/bootmgfw.efi`, 'MZ boot'),
];

const over: readonly Planned[] = [
  dir('Files'),
  dir('Files/App', { modified: 1_600_000_000_000_000_000n, securityDescriptor: descriptor }),
  file('Files/App/app.exe', 'MZ app', { extendedAttributes: new Map([['EA', Buffer.of(1, 2)]]) }),
  stream('Files/App/app.exe', 'origin', 'here'),
  hardLink('Files/App/editor.exe', 'Files/Windows/notepad.exe'),
  symlink('Files/App/link', '..\\Windows'),
  whiteout('Files/gone'),
  dir('Hives'),
  file('Hives/System_Delta', 'regf'),
  dir('UtilityVM'),
  dir('UtilityVM/Files'),
  file(`${boot}/bootmgfw.efi`, 'MZ new'),
];

/** What stands for Windows' part, and must look the same to us. */
const hosts: readonly (readonly [string, (plain: LayerHost) => Promise<LayerHost>])[] = [
  ['plain folders', plain => Promise.resolve(plain)],
  ['the doubles of the DLLs', doubledHost],
];

async function doubledHost(): Promise<WindowsHost> {
  const { libraries } = await loadDoubles();
  const host = createWindowsHost({ libraries });
  host.enablePrivileges();
  return host;
}

describe.each(hosts)('over %s', (_, hostFor) => {
  test('every entry of a chain is on disk with all that the layer says of it', async () => {
    const bench = await createBench();
    const host = await hostFor(bench.host);
    const chains = bench.open(host);
    const layers = [await bench.layer(base), await bench.layer(over)];
    const { layerDirsNearestFirst } = await chains.materialize(layers);
    const [own = '', parent = ''] = layerDirsNearestFirst;
    for (const [planned, layerDir] of [
      [base, parent],
      [over, own],
    ] as const) {
      await expectOnDisk(host, planned, layerDir);
    }
    await expect(lstat(path.join(own, 'Files/gone'))).rejects.toThrow('ENOENT');
    expect(await inode(path.join(own, 'Files/App/editor.exe'))).toBe(
      await inode(path.join(parent, 'Files/Windows/notepad.exe')),
    );
    expect(await readFile(path.join(parent, boot, 'bootmgfw.efi'), 'utf8')).toBe('MZ boot');
    expect(await readFile(path.join(parent, 'bcd.bak'), 'utf8')).toBe('store');
    expect(await bench.scratch()).toEqual([]);
  });

  test('what is pruned is gone, and can be made anew', async () => {
    const bench = await createBench();
    const chains = bench.open(await hostFor(bench.host));
    const layers = [await bench.layer(base), await bench.layer(over)];
    const first = await chains.materialize(layers);
    expect(await chains.prune(new Set())).toHaveLength(2);
    expect(await bench.folders()).toEqual([]);
    expect(await chains.materialize(layers)).toEqual(first);
  });
});

describe('with the doubles of the DLLs', () => {
  test('what a step changes is exported, read as a layer, and adopted as what unpacking that gives', async () => {
    const bench = await createBench();
    const host = await doubledHost();
    const chains = bench.open(host);
    const below = [await bench.layer(base)];
    const { chainId, layerDirsNearestFirst } = await chains.materialize(below);
    const scratchDir = path.join(bench.store.dir, 'windows/scratch-of-a-step');
    const scratch = await host.scratches.open(scratchDir, layerDirsNearestFirst, {
      activate: true,
    });
    await changeVolume(host, scratch.volumePath);
    await scratch.unprepare();
    const stagedDir = await bench.store.newScratchPath();
    await (await host.files.create(stagedDir, 'directory')).close();
    await host.layers.exportLayer(scratch.dir, stagedDir, layerDirsNearestFirst);
    await scratch.release();

    const exported: Planned[] = [];
    for await (const { entry, content } of readExport(stagedDir, host.files)) {
      exported.push(content ? [entry, await bytesOf(content)] : [entry]);
    }
    expect(exported.map(([{ kind, path: name }]) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining([
        'directory Files',
        'directory Files/Made',
        'file Files/Made/first',
        'hard-link Files/Made/second',
        'symlink Files/Made/way',
        'whiteout Files/gone',
        'file Hives/System_Delta',
      ]),
    );
    const { diffId, descriptor: blob } = await bench.layer(exported);
    const adopted = await chains.adopt({ stagedDir, parentChainId: chainId, diffId });
    const [own = ''] = adopted.layerDirsNearestFirst;
    await expectOnDisk(host, exported, own);
    await expect(lstat(path.join(own, 'Files/gone'))).rejects.toThrow('ENOENT');
    await chains.prune(new Set([chainId]));
    const unpacked = await chains.materialize([...below, { descriptor: blob, diffId }]);
    expect(unpacked).toEqual(adopted);
    await expectOnDisk(host, exported, own);
  });

  test('a call of Windows that fails is told of, and leaves nothing', async () => {
    const bench = await createBench();
    const doubles = await loadDoubles();
    const host = createWindowsHost({ libraries: doubles.libraries });
    host.enablePrivileges();
    const chains = bench.open(host);
    const layers = [await bench.layer(base), await bench.layer(over)];
    for (const api of [
      'ProcessBaseImage',
      'HcsImportLayer',
      'ProcessUtilityImage',
      'BackupWrite',
      'CreateHardLinkW',
    ]) {
      doubles.fail({ api, hresult: 0x8007_0070 });
      await expect(chains.materialize(layers), api).rejects.toMatchObject(
        failureCode('windows-api', { api }),
      );
      const whole = (await chains.list()).length;
      expect(await bench.folders()).toHaveLength(whole);
      expect(await bench.scratch()).toEqual([]);
      await chains.prune(new Set());
    }
    expect(Object.values(doubles.counters()).every(count => count === 0)).toBe(true);
  });
});

/** Compares through the host, as Windows would be asked. */
async function expectOnDisk(host: LayerHost, planned: readonly Planned[], layerDir: string) {
  for (const [entry, content] of planned) {
    if (!isOwn(entry)) continue;
    const native = path.join(layerDir, ...entry.path.split('/'));
    const info = basicInfoOf(entry);
    expect(await host.files.basicInfo(native), entry.path).toEqual(info);
    const streams = planned.flatMap(([other]) =>
      isStreamOf(other, entry) ? [other.streamName] : [],
    );
    const found = await bytesOf(host.files.read(native, true));
    const expected = await bytesOf(entryStreams(entry, once(content ?? Buffer.alloc(0))));
    expect(found.subarray(0, expected.byteLength).equals(expected), entry.path).toBe(true);
    for (const streamName of streams) {
      expect(found.includes(Buffer.from(`:${streamName}:$DATA`, 'utf16le')), entry.path).toBe(true);
    }
  }
}

/** Left out is what Windows changes itself, and what is no file of the layer. */
function isOwn(
  entry: LayerEntry,
): entry is Extract<LayerEntry, { kind: 'directory' | 'file' | 'symlink' }> {
  const isVolume = entry.path.startsWith('Files/');
  return (
    isVolume && (entry.kind === 'directory' || entry.kind === 'file' || entry.kind === 'symlink')
  );
}

function isStreamOf(
  entry: LayerEntry,
  { path: of }: LayerEntry,
): entry is Extract<LayerEntry, { kind: 'stream' }> {
  return entry.kind === 'stream' && entry.path === of;
}

async function changeVolume({ files }: LayerHost, volumePath: string): Promise<void> {
  const at = (name: string) => path.join(volumePath, name);
  const make = async ([entry, content]: Planned, name: string) => {
    if (!isOwn(entry)) return;
    const made = await files.create(at(name), entry.kind === 'directory' ? 'directory' : 'file');
    await made.setBasicInfo(basicInfoOf(entry) ?? (await files.basicInfo(at(name))));
    await made.write(await bytesOf(entryStreams(entry, once(content ?? Buffer.alloc(0)))));
    await made.close();
  };
  await make(dir('Files/Made', { securityDescriptor: descriptor }), 'Made');
  await make(file('Files/Made/first', 'first', { securityDescriptor: descriptor }), 'Made/first');
  await make(symlink('Files/Made/way', 'C:\\Windows'), 'Made/way');
  await files.hardLink(at('Made/second'), at('Made/first'));
  await files.remove(at('gone/below'));
  await files.remove(at('gone'));
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

async function inode(name: string): Promise<number> {
  return (await lstat(name)).ino;
}
