import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ingest } from '../../../../electron/engine/content/blob-store.ts';
import { openStore, type Store } from '../../../../electron/engine/content/store.ts';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import { indexLayer } from '../../../../electron/engine/layer/index-layer.ts';
import { layerIndexOf } from '../../../../electron/engine/layer/layer-index.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { createLayerWriter } from '../../../../electron/engine/layer/layer-writer.ts';
import { readLayer } from '../../../../electron/engine/layer/layer-reader.ts';
import { sampleCatalogue } from '../../../../electron/engine/sample/catalogue.ts';
import {
  generatorRevision,
  sampleLayerEntries,
  sampleMark,
  writeSampleImages,
} from '../../../../electron/engine/sample/write-samples.ts';
import type { ImageConfig } from '../../../../shared/oci/config.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { sha256Digest } from '../../../../shared/oci/digest.ts';
import { parseImageConfig, parseIndex, parseManifest } from '../../../../shared/oci/document.ts';
import type { Manifest } from '../../../../shared/oci/manifest.ts';

const catalogue = sampleCatalogue();
const nano = 'layerwright.local/windows/nanoserver:ltsc2022';
const core = 'layerwright.local/windows/servercore:ltsc2022';
let dir = '';
let store: Store;
let references: readonly string[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerwright-sample-'));
  store = await openStore(join(dir, 'store'));
  references = await writeSampleImages(store);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const blobPath = ({ digest }: Descriptor) =>
  join(store.dir, 'blobs', 'sha256', digest.slice('sha256:'.length));
const textOf = (blob: Descriptor) => readFile(blobPath(blob), 'utf8');

async function imageOf(reference: string): Promise<{ manifest: Manifest; config: ImageConfig }> {
  const descriptor = await store.names.resolve(reference);
  const manifest = parseManifest(await textOf(descriptor), descriptor);
  const config = parseImageConfig(await textOf(manifest.config), manifest.config.digest);
  return { manifest, config };
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 });
}

test('images and indexes are named, and marked as samples', async () => {
  expect(references).toHaveLength(16);
  const listed = await store.names.list();
  expect(new Set(listed.map(image => image.reference))).toEqual(new Set(references));
  expect(listed.every(({ descriptor }) => descriptor.annotations?.[sampleMark] === 'true')).toBe(
    true,
  );
});

test('a second call writes nothing', async () => {
  const before = await readdir(join(store.dir, 'blobs', 'sha256'));
  expect(await writeSampleImages(store)).toEqual([]);
  expect(await readdir(join(store.dir, 'blobs', 'sha256'))).toEqual(before);
});

test('the indexes of their layers are made with them', async () => {
  await using other = await openStore(join(dir, 'indexed'));
  const { blobs, names } = other;
  await writeSampleImages(other, { indexes: createLayerIndexes(other.dir, blobs) });
  const image = await readImage(blobs, await names.resolve(nano));
  for (const layer of image.layersBaseFirst) {
    const index = await createLayerIndexes(other.dir, blobs).peek(layer.diffId);
    const read = await indexLayer(blobs.read(layer.descriptor), layer);
    expect(index?.count).toBe(layerIndexOf(read).count);
  }
});

test('a lost name is made again', async () => {
  await store.names.remove(nano);
  expect(await writeSampleImages(store)).toContain(nano);
  expect((await store.names.resolve(nano)).digest).toBeDefined();
});

test('another run gives the same digests', async () => {
  const other = await openStore(join(dir, 'other'));
  await writeSampleImages(other);
  const digests = async ({ names }: Store) =>
    Object.fromEntries(
      (await names.list()).map(image => [image.reference, image.descriptor.digest]),
    );
  expect(await digests(other)).toEqual(await digests(store));
  await other[Symbol.asyncDispose]();
});

test('whoever changes the content of samples raises the revision of the generator', async () => {
  const hash = createHash('sha256');
  for (const { references } of catalogue) {
    for (const diffId of (await imageOf(references[0])).config.rootfs.diff_ids) hash.update(diffId);
  }
  expect([generatorRevision, hash.digest('hex').slice(0, 16)]).toEqual(['1', '05e7defda610dae3']);
});

test('the config is like that of a base image of Microsoft', async () => {
  const { manifest, config } = await imageOf(nano);
  expect(config).toEqual({
    architecture: 'amd64',
    os: 'windows',
    'os.version': '10.0.20348.2966',
    created: '2024-12-10T08:00:00.000Z',
    config: {
      User: 'ContainerUser',
      Cmd: ['c:\\windows\\system32\\cmd.exe'],
      Labels: { 'io.layerwright.sample': 'true' },
    },
    rootfs: { type: 'layers', diff_ids: config.rootfs.diff_ids },
    history: [{ created: '2024-12-10T08:00:00.000Z', created_by: 'Apply image 10.0.20348.2966' }],
  });
  expect(manifest.annotations).toEqual({ 'io.layerwright.sample': 'true' });
});

test('Server Core is a base and an update', async () => {
  const { manifest, config } = await imageOf(core);
  expect(manifest.layers).toHaveLength(2);
  expect(config.history?.map(({ created_by }) => created_by)).toEqual([
    'Apply image 10.0.20348.587',
    'Install update 10.0.20348.2966',
  ]);
  expect(config.config?.User).toBeUndefined();
});

test('the index names several Windows versions and architectures', async () => {
  const descriptor = await store.names.resolve('layerwright.local/windows/nanoserver:multi');
  const index = parseIndex(await textOf(descriptor), descriptor);
  expect(
    index.manifests.map(({ platform }) => [platform?.['os.version'], platform?.architecture]),
  ).toEqual([
    ['10.0.26100.2605', 'amd64'],
    ['10.0.26100.2605', 'arm64'],
    ['10.0.20348.2966', 'amd64'],
    ['10.0.17763.6659', 'amd64'],
  ]);
});

describe('layers', () => {
  test.each([nano, core])('those of %s are read back as they were made', async reference => {
    const { manifest, config } = await imageOf(reference);
    const image = catalogue.find(({ references }) => references[0] === reference)!;
    for (const [index, layer] of image.layersBaseFirst.entries()) {
      const descriptor = manifest.layers[index]!;
      const tar = gunzipSync(await readFile(blobPath(descriptor)));
      expect(`sha256:${createHash('sha256').update(tar).digest('hex')}`).toBe(
        config.rootfs.diff_ids[index],
      );
      const read = [];
      for await (const { entry } of readLayer(once(tar), { digest: descriptor.digest })) {
        read.push([entry.kind, entry.path, entry.kind === 'whiteout' ? 0 : entry.attributes]);
      }
      const made = [...sampleLayerEntries(layer)].map(({ entry }) => [
        entry.kind,
        entry.path,
        entry.kind === 'whiteout' ? 0 : entry.attributes,
      ]);
      expect(read).toEqual(made);
    }
  });

  test('bsdtar lists the names, the links and the streams', async () => {
    const { manifest } = await imageOf(nano);
    const listing = run('bsdtar', '-tvf', blobPath(manifest.layers[0]!));
    for (const expected of [
      'Files/Documents and Settings -> C:\\\\Users',
      'Files/Users/Public/Documents/日本語のファイル名.txt',
      'downloaded.txt:Zone.Identifier',
      'a folder with a rather long name 8/at the end.txt',
      'link to Files/Windows/System32/ntdll.dll',
      'UtilityVM/Files/EFI/Microsoft/Boot/BCD',
    ]) {
      expect(listing).toContain(expected);
    }
  });

  test.each([
    ['Files/Windows/System32/config/SYSTEM', 'ControlSet001'],
    ['Files/Windows/System32/config/SOFTWARE', 'Windows Server 2022 Datacenter'],
    ['Files/Windows/System32/config/SAM', 'Administrator'],
    ['Files/Windows/System32/config/SECURITY', 'Policy'],
    ['Files/Windows/System32/config/DEFAULT', 'Control Panel'],
    ['Files/Users/ContainerUser/NTUSER.DAT', 'Environment'],
    ['UtilityVM/Files/EFI/Microsoft/Boot/BCD', 'BCD00000000'],
  ])('hivexml reads %s', async (path, expected) => {
    const { manifest } = await imageOf(nano);
    const hive = execFileSync('bsdtar', ['-xOf', blobPath(manifest.layers[0]!), path]);
    const file = join(dir, 'hive');
    await writeFile(file, hive);
    expect(run('sh', '-c', 'hivexml "$0" | cat', file)).toContain(expected);
  });

  test('skopeo copies image and index out of the store', async () => {
    const copied = join(dir, 'copied');
    run('skopeo', 'copy', '--override-os', 'windows', `oci:${store.dir}:${core}`, `dir:${copied}`);
    const files = await readdir(copied);
    for (const { digest } of (await imageOf(core)).manifest.layers) {
      expect(files).toContain(digest.slice('sha256:'.length));
    }
    const multi = 'layerwright.local/windows/nanoserver:multi';
    run('skopeo', 'copy', '--all', `oci:${store.dir}:${multi}`, `oci:${join(dir, 'all')}:multi`);
    const inspected = run('skopeo', 'inspect', '--raw', `oci:${join(dir, 'all')}:multi`);
    expect(JSON.parse(inspected)).toMatchObject({ manifests: { length: 4 } });
  });
});

describe('large layers', () => {
  const bulk = { sizeBytes: 128 * 1024 * 1024 + 7, fileCount: 200 };

  test('are streamed: 128 MiB pass while memory stays flat', async () => {
    let written = 0;
    const ingest: Ingest = {
      write: async chunk => {
        written += chunk.byteLength;
      },
      commit: async () => ({ digest: sha256Digest('0'.repeat(64)), size: written }),
      abort: async () => {},
    };
    const writer = createLayerWriter({ ingest: async () => ingest, compression: 'none' });
    const memory = () => process.memoryUsage().rss;
    const start = memory();
    let most = start;
    let content = 0;
    for (const sample of sampleLayerEntries(catalogue[0]!.layersBaseFirst[0], bulk)) {
      await writer.add(sample.entry, sample.content);
      if (sample.entry.path.startsWith('Files/ProgramData/Bulk/') && sample.entry.kind === 'file') {
        content += sample.entry.size;
      }
      most = Math.max(most, memory());
    }
    await writer.finish();
    expect(content).toBe(bulk.sizeBytes);
    expect(written).toBeGreaterThan(bulk.sizeBytes);
    expect((most - start) / 2 ** 20).toBeLessThan(80);
  });

  test('can be cancelled, and nothing half-written stays', async () => {
    const other = await openStore(join(dir, 'cancelled'));
    const controller = new AbortController();
    const writing = writeSampleImages(
      other,
      {
        bulk,
        images: catalogue.slice(0, 1),
        onProgress: () => setTimeout(() => controller.abort(), 60),
      },
      controller.signal,
    );
    await expect(writing).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    expect(await other.names.list()).toEqual([]);
    expect(await readdir(join(other.dir, 'blobs', 'sha256'))).toEqual([]);
    await other[Symbol.asyncDispose]();
    expect(await readdir(join(other.dir, 'ingest'))).toEqual([]);
  });
});

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
