import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { openStore } from '../../../../../../electron/engine/content/store.ts';
import { createChainStore } from '../../../../../../electron/engine/hcs/chain/chain-store.ts';
import { readExport } from '../../../../../../electron/engine/hcs/chain/read-export.ts';
import type { WindowsHost } from '../../../../../../electron/engine/hcs/host.ts';
import { createWindowsHost } from '../../../../../../electron/engine/hcs/windows-host.ts';
import type { Doubles } from '../../../../../support/doubles.ts';
import {
  bytesOf,
  dir,
  file,
  hardLink,
  stream,
  symlink,
  whiteout,
  type Planned,
} from '../../../layer/support.ts';
import { indexesOf, storeTar, tarOf } from '../stored-layers.ts';

const config = 'Files/Windows/System32/config';
const hives = ['DEFAULT', 'SAM', 'SECURITY', 'SOFTWARE', 'SYSTEM'];
const deep = 'Files/a-long-name-of-a-folder-so-that-paths-pass-the-old-limit-of-260-characters';
const descriptor = Buffer.from('0100048014000000000000000000000000000000', 'hex');
const longFolders = [1, 2, 3, 4].map(depth =>
  [deep, ...Array.from({ length: depth - 1 }, () => 'x'.repeat(60))].join('/'),
);

const base: readonly Planned[] = [
  dir('Files'),
  dir('Files/Windows', { securityDescriptor: descriptor, modified: 1_500_000_000_000_000_000n }),
  dir('Files/Windows/System32'),
  dir(config),
  ...hives.map(name => file(`${config}/${name}`, 'regf')),
  file('Files/Windows/notepad.exe', 'MZ', { securityDescriptor: descriptor }),
  stream('Files/Windows/notepad.exe', 'note', 'beside it'),
  hardLink('Files/notepad.exe', 'Files/Windows/notepad.exe'),
  file('Files/gone', 'x'),
  symlink('Files/Documents', 'C:\\Users', true),
  ...longFolders.map(folder => dir(folder)),
  file(`${longFolders.at(-1)}/file`, 'far down'),
];

const over: readonly Planned[] = [
  dir('Files'),
  dir('Files/Ünïcode 😀', { modified: 1_600_000_000_000_000_000n }),
  file('Files/Ünïcode 😀/app.exe', 'MZ app', {
    extendedAttributes: new Map([['EA', Buffer.of(1)]]),
  }),
  stream('Files/Ünïcode 😀/app.exe', 'origin', 'here'),
  hardLink('Files/Ünïcode 😀/editor.exe', 'Files/Windows/notepad.exe'),
  symlink('Files/Ünïcode 😀/link', '..\\Windows'),
  whiteout('Files/gone'),
  dir('Hives'),
  file('Hives/System_Delta', 'regf'),
];

/**
 * A chain is unpacked, a step exported, read and adopted, over the doubles: what is on disk then, a line for each file.
 * The same lines on Linux and in Windows' Node under Wine.
 */
export async function chainScenario(doubles: Doubles, dir_: string): Promise<string[]> {
  const host = createWindowsHost({ libraries: doubles.libraries });
  host.enablePrivileges();
  const store = await openStore(dir_);
  const chains = createChainStore({ host, store, indexes: indexesOf(store) });
  const layers = [await storeTar(store, tarOf(base)), await storeTar(store, tarOf(over))];
  const { chainId, layerDirsNearestFirst } = await chains.materialize(layers);
  const lines: string[] = [];
  for (const layerDir of layerDirsNearestFirst) {
    lines.push(...(await listed(host, layerDir)), ...(await parentsOf(layerDir)));
  }

  const scratch = await host.scratches.open(
    path.join(dir_, 'windows', 'scratch'),
    layerDirsNearestFirst,
    { activate: true },
  );
  const made = await host.files.create(path.join(scratch.volumePath, 'made'), 'file');
  await made.close();
  await host.files.remove(path.join(scratch.volumePath, 'notepad.exe'));
  await scratch.unprepare();
  const stagedDir = await store.newScratchPath();
  await mkdir(stagedDir);
  await host.layers.exportLayer(scratch.dir, stagedDir, layerDirsNearestFirst);
  await scratch.release();
  const exported: Planned[] = [];
  for await (const { entry, content } of readExport(stagedDir, host.files)) {
    exported.push(content ? [entry, await bytesOf(content)] : [entry]);
    lines.push(`exported ${entry.kind} ${entry.path}`);
  }
  const { diffId } = await storeTar(store, tarOf(exported));
  const adopted = await chains.adopt({ stagedDir, parentChainId: chainId, diffId });
  const [own = ''] = adopted.layerDirsNearestFirst;
  lines.push(...(await listed(host, own, false)), ...(await parentsOf(own)));

  const pruned = await chains.prune(new Set());
  lines.push(`pruned ${pruned.length}, left ${(await chains.list()).length}`);
  await store[Symbol.asyncDispose]();
  return lines;
}

async function listed(host: WindowsHost, layerDir: string, withTimes = true): Promise<string[]> {
  const names = (await readdir(layerDir, { recursive: true })).map(name =>
    name.replaceAll(path.sep, '/'),
  );
  const lines: string[] = [];
  for (const name of names.toSorted()) {
    if (!name.startsWith('Files/')) continue;
    const native = path.join(layerDir, ...name.split('/'));
    const { attributes, lastWriteTime, creationTime } = await host.files.basicInfo(native);
    const stats = await lstat(native);
    const content = stats.isFile() ? await readFile(native, 'utf8') : '';
    const streams = createHash('sha256').update(await bytesOf(host.files.read(native, true)));
    const times = withTimes ? ` ${lastWriteTime} ${creationTime}` : '';
    lines.push(`${name} ${attributes}${times} "${content}" ${streams.digest('hex').slice(0, 12)}`);
  }
  return lines;
}

async function parentsOf(layerDir: string): Promise<string[]> {
  const text = await readFile(path.join(layerDir, 'layerchain.json'), 'utf8');
  return (JSON.parse(text) as string[]).map(parent => `stands on ${path.basename(parent)}`);
}
