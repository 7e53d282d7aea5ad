import { appendFile, lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LayerStorage, WindowsHost } from '../../../../../electron/engine/hcs/host.ts';
import { createFolderFiles, type FolderFiles } from './folder-files.ts';

/** A host whose layers are plain folders, for tests: it does what hcsshim relies on, and notes what it is asked for. */
export interface FolderHost extends Pick<WindowsHost, 'layers'> {
  readonly files: FolderFiles;
  /** The calls that make and destroy layers, with the base names of their folders. */
  readonly calls: string[];
  /** Called with each staged folder before it is imported. */
  onImport: (stagedDir: string, layerDir: string) => Promise<void>;
}

export function createFolderHost(): FolderHost {
  const files = createFolderFiles();
  const calls: string[] = [];
  const note = (verb: string, ...dirs: readonly string[]) =>
    calls.push([verb, ...dirs.map(dir => path.basename(dir).slice(0, 8))].join(' '));
  const layers: LayerStorage = {
    async importLayer(layerDir, sourceDir, parentsNearestFirst) {
      note('import', layerDir, ...parentsNearestFirst);
      await host.onImport(sourceDir, layerDir);
      const names = await readdir(sourceDir);
      if (names.includes('tombstones.txt')) throw new Error('tombstones are done by the importer');
      if (parentsNearestFirst.length === 0) throw new Error('a base is not imported');
      for (const parent of [layerDir, ...parentsNearestFirst]) await lstat(parent);
      await importFolder(files, sourceDir, layerDir);
    },
    exportLayer: () => Promise.reject(new Error('nothing is exported here')),
    async destroyLayer(layerDir) {
      note('destroy', layerDir);
      await rm(layerDir, { recursive: true, force: true });
    },
    async processBaseLayer(layerDir) {
      note('process-base', layerDir);
      await lstat(path.join(layerDir, 'Files'));
    },
    async processUtilityVm(utilityVmDir) {
      note('process-vm', path.dirname(utilityVmDir));
      await appendFile(path.join(utilityVmDir, 'Files/EFI/Microsoft/Boot/BCD'), ' changed');
    },
  };
  const host: FolderHost = { files, layers, calls, onImport: () => Promise.resolve() };
  return host;
}

const suffix = '.$wcidirs$';

/** Makes real files of the staged form. Directories whose data is missing are refused, as Windows does. */
async function importFolder(files: FolderFiles, from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) {
    const source = path.join(from, name);
    const target = path.join(to, name);
    if (name.endsWith(suffix)) await lstat(source.slice(0, -suffix.length));
    else if ((await lstat(source)).isDirectory()) {
      await mkdir(target, { recursive: true });
      await restore(files, source + suffix, target);
      await importFolder(files, source, target);
    } else if (path.basename(from) === 'Hives') {
      await (await files.create(target, 'file')).close();
      await restoreStreams(files, source, target);
      await files.setBasicInfo(target, { ...(await files.basicInfo(source)), attributes: 0x20 });
    } else {
      await (await files.create(target, 'file')).close();
      await restore(files, source, target);
    }
  }
}

async function restore(files: FolderFiles, staged: string, target: string): Promise<void> {
  const bytes = await readFile(staged);
  await files.restore(target, bytes.subarray(4));
  const info = await files.basicInfo(staged);
  await files.setBasicInfo(target, { ...info, attributes: bytes.readUInt32LE() });
}

async function restoreStreams(files: FolderFiles, source: string, target: string): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of files.read(source, false)) chunks.push(Buffer.from(chunk));
  await files.restore(target, Buffer.concat(chunks));
}
