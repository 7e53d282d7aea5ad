import { link, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readExport } from '../../../../../electron/engine/hcs/chain/read-export.ts';
import { bytesOf, dir, file, type Planned } from '../../layer/support.ts';
import type { FolderHost } from './folder-host.ts';
import { exportedLayer } from './layer-arbitrary.ts';
import { tarOf } from './stored-layers.ts';
import { createBench, type Bench } from './support.ts';

const base = [dir('Files'), file('Files/kept', 'kept')];

test('a layer that is staged and read as an export is the same tar, byte for byte', async () => {
  const bench = await createBench();
  const { chains, host, layer } = bench;
  const below = await layer(base);
  await fc.assert(
    fc.asyncProperty(exportedLayer, async planned => {
      const sameTimes = withTimesOfFirstNames(planned);
      let exported: readonly Planned[] = [];
      host.onImport = async stagedDir => {
        const exportDir = await asExport(bench, stagedDir, sameTimes);
        exported = await readAll(exportDir, host);
      };
      await chains.materialize([below, await layer(sameTimes)]);
      await chains.prune(new Set());
      expect(exported.map(([entry]) => entry)).toEqual(sameTimes.map(([entry]) => entry));
      expect(tarOf(exported).equals(tarOf(sameTimes))).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test('an export that is adopted becomes what unpacking its tar becomes', async () => {
  const bench = await createBench();
  const { chains, host, layer, scratch } = bench;
  const below = await layer(base);
  await fc.assert(
    fc.asyncProperty(exportedLayer, async planned => {
      const sameTimes = withTimesOfFirstNames(planned);
      let exportDir = '';
      host.onImport = async stagedDir => {
        exportDir = await asExport(bench, stagedDir, sameTimes);
      };
      const over = await layer(sameTimes);
      const unpacked = await chains.materialize([below, over]);
      const expected = await snapshot(host, unpacked.layerDirsNearestFirst[0] ?? '');
      const { chainId: parentChainId } = await chains.materialize([below]);
      await chains.prune(new Set([parentChainId]));
      host.onImport = () => Promise.resolve();
      const { diffId } = over;
      const adopted = await chains.adopt({ stagedDir: exportDir, parentChainId, diffId });
      expect(adopted).toEqual(unpacked);
      expect(await snapshot(host, adopted.layerDirsNearestFirst[0] ?? '')).toEqual(expected);
      expect(await scratch()).toEqual([]);
      await chains.prune(new Set([parentChainId]));
    }),
    { numRuns: 15 },
  );
});

/** All names of a file have one set of attributes and times. */
function withTimesOfFirstNames(planned: readonly Planned[]): readonly Planned[] {
  const files = planned.map(([entry]) => entry).filter(({ kind }) => kind === 'file');
  const entries = new Map(files.map(entry => [entry.path, entry]));
  return planned.map(([entry, content]) => {
    const first = entry.kind === 'hard-link' ? entries.get(entry.target) : undefined;
    if (!first) return content ? [entry, content] : [entry];
    const { modified, accessed = 0n, changed = 0n, created = 0n } = first;
    return [{ ...entry, modified, accessed, changed, created }];
  });
}

/** Makes of a staged folder what Windows would have exported: with tombstones, and all names of each file. */
async function asExport(
  { store, host }: Bench,
  stagedDir: string,
  planned: readonly Planned[],
): Promise<string> {
  const exportDir = await store.newScratchPath();
  await linkTree(host, stagedDir, exportDir);
  const at = (name: string) => path.join(exportDir, ...name.split('/'));
  const gone: string[] = [];
  for (const [entry] of planned) {
    if (entry.kind === 'hard-link') await link(at(entry.target), at(entry.path));
    if (entry.kind === 'whiteout')
      gone.push(entry.path.slice('Files'.length).replaceAll('/', '\\'));
  }
  const lines = ['\ufeffVersion 1.0', ...gone, ''];
  await writeFile(path.join(exportDir, 'tombstones.txt'), lines.join('\r\n'));
  return exportDir;
}

/** The same files, so that the host knows what belongs to them. */
async function linkTree(host: FolderHost, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await host.files.setBasicInfo(to, await host.files.basicInfo(from));
  for (const name of await readdir(from)) {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    if ((await lstat(source)).isDirectory()) await linkTree(host, source, target);
    else await link(source, target);
  }
}

async function readAll(exportDir: string, host: FolderHost): Promise<readonly Planned[]> {
  const found: Planned[] = [];
  for await (const { entry, content } of readExport(exportDir, host.files)) {
    found.push(content ? [entry, await bytesOf(content)] : [entry]);
  }
  await rm(exportDir, { recursive: true });
  return found;
}

/** All that can be told of a folder of a layer, but for the files of the chain store itself. */
async function snapshot(host: FolderHost, layerDir: string) {
  const found: unknown[] = [];
  const firstNames = new Map<number, string>();
  const names = (await readdir(layerDir, { recursive: true })).toSorted();
  for (const name of names) {
    if (name === 'layerchain.json' || name === 'layerwright.json') continue;
    const native = path.join(layerDir, name);
    const stats = await lstat(native);
    const first = firstNames.get(stats.ino) ?? name;
    firstNames.set(stats.ino, first);
    found.push({
      name,
      first,
      info: await host.files.basicInfo(native),
      streams: await host.files.streamsOf(native),
      content: stats.isFile() ? await readFile(native, 'hex') : undefined,
    });
  }
  return found;
}
