import { describe, expect, test } from 'vitest';
import { MemoryBlobStore } from '../../../../electron/engine/content/memory-blob-store.ts';
import { writeDocument } from '../../../../electron/engine/content/document-blob.ts';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import { listImages, selectImage } from '../../../../electron/engine/image/select-image.ts';
import { writeImage, writeIndex } from '../../../../electron/engine/image/write-image.ts';
import { appendLayer } from '../../../../shared/oci/image.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { parsePlatform } from '../../../../shared/oci/platform.ts';
import { describeBytes, failureFrom } from '../content/helpers.ts';
import { newImage, storeImage, storeLayer, windows2022 } from './helpers.ts';

describe('an image', () => {
  test('is read as it was written', async () => {
    const blobs = new MemoryBlobStore();
    const image = await newImage(blobs, ['a', 'b']);
    const descriptor = await writeImage(blobs, image, { title: 'x' });
    expect(descriptor.platform).toEqual(windows2022);
    const { manifest, ...read } = await readImage(blobs, descriptor);
    expect(read).toEqual({ ...image, descriptor });
    expect(manifest).toMatchObject({
      mediaType: mediaTypes.ociManifest,
      annotations: { title: 'x' },
    });
  });

  test('has the same digest whenever it is written', async () => {
    const digests = [];
    for (let i = 0; i < 2; i += 1) {
      digests.push((await storeImage(new MemoryBlobStore(), ['a', 'b'])).digest);
    }
    expect(digests[0]).toBe(digests[1]);
  });

  test('carries the layers of a Docker base to the letter', async () => {
    const blobs = new MemoryBlobStore();
    const { descriptor, diffId } = await storeLayer(blobs, 'a', mediaTypes.dockerForeignLayerGzip);
    const foreign = {
      ...descriptor,
      urls: ['https://example.com/a'],
      annotations: { b: 'c' },
      'x-new': 1,
    };
    const base = await newImage(blobs, []);
    const config = await writeDocument(blobs, mediaTypes.dockerConfig, {
      ...base.config,
      'x-config': 2,
      rootfs: { type: 'layers', diff_ids: [diffId] },
    });
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.dockerManifest,
      config,
      layers: [foreign],
    };
    const stored = await writeDocument(blobs, mediaTypes.dockerManifest, manifest);
    const top = await storeLayer(blobs, 'top');
    const read = await readImage(blobs, stored);
    const built = await writeImage(blobs, appendLayer(read, top, { created_by: 'COPY top' }));
    const result = await readImage(blobs, built);
    expect(result.manifest).toEqual({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: expect.objectContaining({ mediaType: mediaTypes.ociConfig }),
      layers: [foreign, top.descriptor],
    });
    expect(result.config).toMatchObject({ 'x-config': 2, 'os.version': '10.0.20348.2700' });
  });

  test.each([
    ['config', { mediaType: 'application/vnd.cncf.helm.config.v1+json' }, 'config.mediaType'],
    ['layer', { mediaType: 'application/x-tar' }, 'layers[0].mediaType'],
    ['config', { size: 5 << 20 }, 'size'],
  ])('is refused with a wrong %s descriptor %j', async (part, change, field) => {
    const blobs = new MemoryBlobStore();
    const { manifest } = await readImage(blobs, await storeImage(blobs, ['a']));
    const broken =
      part === 'config'
        ? { ...manifest, config: { ...manifest.config, ...change } }
        : { ...manifest, layers: manifest.layers.map(layer => ({ ...layer, ...change })) };
    const descriptor = await writeDocument(blobs, mediaTypes.ociManifest, broken);
    expect(await failureFrom(readImage(blobs, descriptor))).toMatchObject({
      code: 'image-invalid',
      field,
    });
  });

  test('is refused where the config does not match the layers', async () => {
    const blobs = new MemoryBlobStore();
    const { manifest } = await readImage(blobs, await storeImage(blobs, ['a', 'b']));
    const broken = { ...manifest, layers: manifest.layers.slice(1) };
    const descriptor = await writeDocument(blobs, mediaTypes.ociManifest, broken);
    expect(await failureFrom(readImage(blobs, descriptor))).toEqual({
      code: 'image-invalid',
      digest: manifest.config.digest,
      field: 'rootfs.diff_ids',
      problem: 'has 2 entries, but the manifest has 1 layers',
    });
  });

  test('is refused where a blob is missing', async () => {
    const missing = describeBytes('{}', mediaTypes.ociManifest);
    const failure = await failureFrom(readImage(new MemoryBlobStore(), missing));
    expect(failure).toEqual({ code: 'blob-missing', digest: missing.digest });
  });
});

describe('choosing from an index', () => {
  async function newIndex(blobs: MemoryBlobStore) {
    const versions = ['10.0.17763.1', '10.0.20348.1', '10.0.20348.2'];
    const images = [];
    for (const version of versions) {
      images.push(await storeImage(blobs, [version], { ...windows2022, 'os.version': version }));
    }
    const linux = await storeImage(blobs, ['linux'], { os: 'linux', architecture: 'amd64' });
    const attestation = {
      ...linux,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    return writeIndex(blobs, [linux, attestation, ...images]);
  }
  const versionOf = async (blobs: MemoryBlobStore, platform: string) => {
    const wanted = { platform: parsePlatform(platform) };
    return (await selectImage(blobs, await newIndex(blobs), wanted)).config['os.version'];
  };

  test.each([
    ['windows/amd64', '10.0.17763.1'],
    ['windows(10.0.20348)/amd64', '10.0.20348.1'],
    ['windows(10.0.20348.2)/amd64', '10.0.20348.2'],
    ['linux/amd64', undefined],
  ])('%s gives the image with os.version %s', async (platform, version) => {
    expect(await versionOf(new MemoryBlobStore(), platform)).toBe(version);
  });

  test('says what is offered where nothing matches', async () => {
    const blobs = new MemoryBlobStore();
    expect(await failureFrom(versionOf(blobs, 'windows/arm64'))).toMatchObject({
      code: 'platform-missing',
      wanted: 'windows/arm64',
      offered: [
        'linux/amd64',
        'windows(10.0.17763.1)/amd64',
        'windows(10.0.20348.1)/amd64',
        'windows(10.0.20348.2)/amd64',
      ],
    });
  });

  test('leaves the choice among several to the caller', async () => {
    const blobs = new MemoryBlobStore();
    const image = await selectImage(blobs, await newIndex(blobs), {
      platform: parsePlatform('windows/amd64'),
      choose: matching => matching.at(-1) ?? matching[0],
    });
    expect(image.config['os.version']).toBe('10.0.20348.2');
  });

  test('looks into nested indexes, but not without end', async () => {
    const blobs = new MemoryBlobStore();
    let nested = await newIndex(blobs);
    for (let depth = 0; depth < 4; depth += 1) nested = await writeIndex(blobs, [nested]);
    expect(await listImages(blobs, nested)).toHaveLength(4);
    const failure = await failureFrom(listImages(blobs, await writeIndex(blobs, [nested])));
    expect(failure).toMatchObject({ code: 'image-invalid', field: 'manifests' });
  });

  test('takes the platform of a single manifest from its config', async () => {
    const blobs = new MemoryBlobStore();
    const { platform: _, ...bare } = await storeImage(blobs, ['a']);
    const wanted = { platform: parsePlatform('linux/amd64') };
    expect(await listImages(blobs, bare)).toEqual([{ descriptor: bare, platform: windows2022 }]);
    expect((await failureFrom(selectImage(blobs, bare, wanted))).code).toBe('platform-missing');
  });
});
