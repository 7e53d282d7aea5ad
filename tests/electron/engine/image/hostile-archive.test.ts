import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../../electron/engine/content/store.ts';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import { exportOciArchive } from '../../../../electron/engine/image/export-archive.ts';
import { importImages } from '../../../../electron/engine/image/import-images.ts';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import { openTar } from '../../../../electron/engine/image/tar-index.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { digestHex } from '../../../../shared/oci/digest.ts';
import { emptyImage } from '../../../../shared/oci/image.ts';
import { collect, failureFrom, filesBelow, newDir, newStore } from '../content/helpers.ts';
import { layerTar, storeImage, windows2022 } from './helpers.ts';

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = await newDir();
  store = await newStore();
});

type TarHeader = Partial<Header> & { readonly name: string };
type TarEntry = readonly [string | TarHeader, (string | Uint8Array)?];

async function writeTar(entries: readonly TarEntry[]): Promise<string> {
  const path = join(dir, 'archive.tar');
  const tar = pack();
  for (const [header, content] of entries) {
    const headers = typeof header === 'string' ? { name: header } : header;
    if (content === undefined) tar.entry(headers);
    else tar.entry(headers, Buffer.from(content));
  }
  tar.finalize();
  await writeFile(path, await collect(tar as AsyncIterable<Uint8Array>));
  return path;
}

/** The archive of one image `hello` with the layers `base` and `top`. */
async function goodArchive(): Promise<string> {
  const other = await newStore();
  const descriptor = await storeImage(other.blobs, ['base', 'top']);
  const path = join(dir, 'good.tar');
  await exportOciArchive(
    other.blobs,
    [{ reference: 'docker.io/library/hello:1', descriptor }],
    path,
  );
  return path;
}

async function expectNothingStored(): Promise<void> {
  expect(await store.names.list()).toEqual([]);
  const files = await filesBelow(store.dir);
  expect(files.filter(file => file.startsWith('ingest'))).toEqual([]);
}

describe('an OCI archive', () => {
  test.each([1, 2])('that was cut off (part %i of 3 is left) gives no image', async third => {
    const path = await goodArchive();
    const { length } = await readFile(path);
    await truncate(path, Math.floor((length * third) / 3));
    const failure = await failureFrom(importImages(store, path));
    expect(failure).toEqual({ code: 'archive-invalid', path, problem: 'it is cut off' });
    await expectNothingStored();
  });

  test('with a byte changed in a layer is refused, naming the digest', async () => {
    const path = await goodArchive();
    const bytes = await readFile(path);
    const image = await readImage(store.blobs, await storeImage(store.blobs, ['base', 'top']));
    const digest = image.layersBaseFirst[0]?.descriptor.digest ?? image.descriptor.digest;
    await store.blobs.delete(digest);
    const entry = bytes.indexOf(`blobs/sha256/${digestHex(digest)}`);
    bytes[entry + 512 + 20] = (bytes[entry + 512 + 20] ?? 0) ^ 0xff;
    await writeFile(path, bytes);
    const failure = await failureFrom(importImages(store, path));
    expect(failure).toMatchObject({ code: 'blob-mismatch', expected: digest });
    await expectNothingStored();
  });

  test.each([
    ['gzip', 'it is compressed with gzip; unpack it with gunzip first'],
    ['nothing', 'it is not a tar file'],
  ])('packed with %s is not a tar', async (packing, problem) => {
    const path = join(dir, 'packed');
    if (packing === 'gzip') {
      await pipeline(createReadStream(await goodArchive()), createGzip(), createWriteStream(path));
    } else await writeFile(path, 'PK\u0003\u0004 no tar at all'.padEnd(600, 'x'));
    expect(await failureFrom(importImages(store, path))).toEqual({
      code: 'archive-invalid',
      path,
      problem,
    });
  });

  test.each([
    [[], 'it has neither an oci-layout nor a manifest.json'],
    [[['../oci-layout', '{}']], 'it has neither an oci-layout nor a manifest.json'],
    [[['oci-layout', '{"imageLayoutVersion":"1.0.0"}']], 'it has no file "index.json"'],
    [[['manifest.json', '{']], 'manifest.json: document: is not JSON'],
    [[['manifest.json', '[{"Config":1}]']], 'manifest.json: [0].Config: '],
    [[['manifest.json', '[{"Config":"/etc/passwd","Layers":[]}]']], 'it has no file "/etc/passwd"'],
    [
      [['manifest.json', '[{"Config":"../../../etc/passwd","Layers":[]}]']],
      'it has no file "../../../etc/passwd"',
    ],
  ] as [TarEntry[], string][])('with the entries %j is refused', async (entries, problem) => {
    const path = await writeTar(entries);
    const failure = await failureFrom(importImages(store, path));
    expect(failure).toMatchObject({ code: 'archive-invalid', path });
    expect(failure.code === 'archive-invalid' && failure.problem).toContain(problem);
    await expectNothingStored();
  });

  test('of a later layout version, or with a damaged index, is refused', async () => {
    const later = await writeTar([['oci-layout', '{"imageLayoutVersion":"3"}']]);
    expect((await failureFrom(importImages(store, later))).code).toBe('store-version');
    const damaged = await writeTar([
      ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
      ['index.json', '{"schemaVersion":2}'],
    ]);
    expect((await failureFrom(importImages(store, damaged))).code).toBe('store-damaged');
  });

  test('whose index names a blob that it has not gives no image', async () => {
    const manifest = { mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 2 };
    const descriptor = { ...manifest, digest: digestOf('{}') };
    const path = await writeTar([
      ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
      ['index.json', JSON.stringify({ schemaVersion: 2, manifests: [descriptor] })],
    ]);
    expect(await failureFrom(importImages(store, path))).toEqual({
      code: 'blob-missing',
      digest: descriptor.digest,
    });
    await expectNothingStored();
  });

  test('that changes while it is read does not bring anything in', async () => {
    const path = await goodArchive();
    await using tar = await openTar(path);
    await truncate(path, 1024);
    const read = collect(tar.read('index.json'));
    expect((await failureFrom(read)).code).toBe('archive-invalid');
  });
});

describe('a folder', () => {
  test('that is no layout is refused', async () => {
    await mkdir(join(dir, 'empty'));
    const failure = await failureFrom(importImages(store, join(dir, 'empty')));
    expect(failure).toMatchObject({ code: 'archive-invalid' });
    expect(await failureFrom(importImages(store, join(dir, 'gone')))).toMatchObject({
      code: 'file-system',
      errno: 'ENOENT',
    });
  });
});

describe('a docker-archive', () => {
  async function entriesOf(layers: readonly Uint8Array[], diffIds = layers.map(digestOf)) {
    const { config } = emptyImage(windows2022);
    const text = JSON.stringify({ ...config, rootfs: { type: 'layers', diff_ids: diffIds } });
    const names = layers.map((_, index) => `layer${index}/layer.tar`);
    const manifest = [{ Config: 'config.json', RepoTags: ['hello:1', 'hello:2'], Layers: names }];
    return [
      ...layers.map((layer, index): TarEntry => [names[index] ?? '', layer]),
      ['config.json', text] as TarEntry,
      ['manifest.json', JSON.stringify(manifest)] as TarEntry,
    ];
  }

  test('brings in plain and packed layers, and every tag', async () => {
    const [a, b, c] = [await layerTar('a'), await layerTar('b'), await layerTar('c')];
    const layers = [a, gzipSync(b), zstdCompressSync(c)];
    const path = await writeTar(await entriesOf(layers, [a, b, c].map(digestOf)));
    const images = await importImages(store, path);
    expect(images.map(image => image.reference)).toEqual([
      'docker.io/library/hello:1',
      'docker.io/library/hello:2',
    ]);
    const image = await readImage(store.blobs, await store.names.resolve('hello:2'));
    expect(image.layersBaseFirst.map(layer => layer.descriptor.mediaType.slice(-4))).toEqual([
      '.tar',
      'gzip',
      'zstd',
    ]);
  });

  test('has its layers indexed while they pass', async () => {
    const [a, b] = [await layerTar('a'), await layerTar('b')];
    const layers = [a, b];
    const path = await writeTar(await entriesOf([a, gzipSync(b)], layers.map(digestOf)));
    await importImages(store, path, { tap: createLayerIndexes(store.dir, store.blobs) });
    for (const layer of layers) {
      const index = await createLayerIndexes(store.dir, store.blobs).peek(digestOf(layer));
      expect(index?.count).toBeGreaterThan(0);
    }
  });

  test('may link a layer to another, as older Docker does, but not in a circle', async () => {
    const layer = await layerTar('a');
    const [, config, manifest] = await entriesOf([layer]);
    const link = {
      name: 'layer0/layer.tar',
      type: 'symlink' as const,
      linkname: '../other/layer.tar',
    };
    const good = await writeTar([
      ['other/layer.tar', layer],
      [link],
      config ?? [''],
      manifest ?? [''],
    ]);
    expect(await importImages(store, good)).toHaveLength(2);
    const circle = await writeTar([
      [{ ...link, linkname: 'layer.tar' }],
      config ?? [''],
      manifest ?? [''],
    ]);
    expect(await failureFrom(importImages(await newStore(), circle))).toMatchObject({
      code: 'archive-invalid',
      problem: 'it has no file "layer0/layer.tar"',
    });
  });

  test.each([
    ['content', 'rootfs.diff_ids[0]'],
    ['number', 'rootfs.diff_ids'],
  ])('whose config does not match the %s of its layers is refused', async (what, field) => {
    const layer = await layerTar('a');
    const diffIds = what === 'content' ? [digestOf('other')] : [digestOf(layer), digestOf('more')];
    const path = await writeTar(await entriesOf([layer], diffIds));
    const failure = await failureFrom(importImages(store, path));
    expect(failure).toMatchObject({ code: 'image-invalid', field });
    await expectNothingStored();
  });

  test('with a damaged packed layer is refused', async () => {
    const packed = gzipSync(await layerTar('a'));
    const path = await writeTar(await entriesOf([packed.subarray(0, packed.length - 12)]));
    const failure = await failureFrom(importImages(store, path));
    expect(failure).toMatchObject({ code: 'archive-invalid' });
    expect(failure.code === 'archive-invalid' && failure.problem).toContain(
      'the layer "layer0/layer.tar" is damaged',
    );
    await expectNothingStored();
  });
});

describe('the index of a tar', () => {
  test('knows long names, large numbers and files that come twice', async () => {
    const long = `${'folder/'.repeat(40)}name with ü`;
    const path = await writeTar([
      [long, 'long'],
      ['./twice', 'old'],
      ['twice', 'new'],
      [{ name: 'hard', type: 'link', linkname: 'twice' }],
    ]);
    await appendFile(path, 'trailing garbage behind the end is not read');
    await using tar = await openTar(path);
    const texts = await Promise.all([long, 'twice', 'hard'].map(name => tar.text(name, 100)));
    expect([texts, tar.size('folder')]).toEqual([['long', 'new', 'new'], undefined]);
    expect((await failureFrom(tar.text('twice', 2))).code).toBe('archive-invalid');
  });

  test('refuses sizes that no file can have', async () => {
    const path = await writeTar([['file', 'content']]);
    const bytes = await readFile(path);
    // GNU's base-256 form of 2^72.
    bytes.set([0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 124);
    let sum = 0;
    for (let i = 0; i < 512; i += 1) sum += i >= 148 && i < 156 ? 32 : (bytes[i] ?? 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    await writeFile(path, bytes);
    expect(await failureFrom(openTar(path))).toEqual({
      code: 'archive-invalid',
      path,
      problem: 'a file in it has a malformed size',
    });
  });
});
