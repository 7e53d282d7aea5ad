import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBaseCatalogue } from '../../../../electron/engine/catalogue/base-catalogue.ts';
import {
  listBaseFamilies,
  listBaseTags,
} from '../../../../electron/engine/catalogue/base-images.ts';
import { openStore, type Store } from '../../../../electron/engine/content/store.ts';
import { writeImage, writeIndex } from '../../../../electron/engine/image/write-image.ts';
import { sha256Digest } from '../../../../shared/oci/digest.ts';
import { parseReference } from '../../../../shared/oci/reference.ts';
import type { Host } from '../../../../shared/windows/host-compatibility.ts';

const catalogueFile = path.resolve(
  import.meta.dirname,
  '../../../../resources/base-catalogue.json',
);
const catalogue = await readBaseCatalogue(catalogueFile);
const nanoserver = catalogue.find(({ family }) => family === 'nanoserver');
const server2022: Host = {
  kind: 'windows',
  version: { major: 10, minor: 0, build: 20_348, revision: 1 },
  edition: 'server',
  architecture: 'amd64',
};

let dir: string;
let store: Store;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'layerwright-bases-'));
  store = await openStore(dir);
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

/** An image of one layer of 1000 bytes that is not in the store. */
async function imageWithoutItsLayer(osVersion: string) {
  const digest = sha256Digest('a'.repeat(64));
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest,
    size: 1000,
  };
  return await writeImage(store.blobs, {
    config: {
      created: '2026-07-14T00:00:00Z',
      architecture: 'amd64',
      os: 'windows',
      'os.version': osVersion,
      rootfs: { type: 'layers', diff_ids: [digest] },
    },
    layersBaseFirst: [{ descriptor: layer, diffId: digest }],
  });
}

test('every family of the catalogue names a repository that is a reference', () => {
  expect(catalogue.map(({ repository }) => parseReference(repository).tag)).toEqual(
    catalogue.map(() => undefined),
  );
  expect(new Set(catalogue.map(({ family }) => family)).size).toBe(catalogue.length);
});

describe('of an index with two Windows builds', () => {
  beforeEach(async () => {
    const images = [
      await imageWithoutItsLayer('10.0.20348.5386'),
      await imageWithoutItsLayer('10.0.26100.33158'),
    ];
    const index = await writeIndex(store.blobs, images);
    await store.names.set('mcr.microsoft.com/windows/nanoserver:latest', index);
    await store.names.set('mcr.microsoft.com/windows/nanoserver:10.0.20348.5386', images[0]!);
  });

  test('each row has the month of its update and how long there is support', async () => {
    const tags = await listBaseTags(nanoserver, store, server2022);
    expect(
      tags.map(({ releaseName, updateMonth, mainstreamEnds, supportEnds }) => [
        releaseName,
        updateMonth,
        mainstreamEnds,
        supportEnds,
      ]),
    ).toEqual([
      ['Windows Server 2025', '2026-07', '2029-11-13', '2034-11-14'],
      ['Windows Server 2022', '2026-07', '2026-10-13', '2031-10-14'],
      ['Windows Server 2022', '2026-07', '2026-10-13', '2031-10-14'],
    ]);
  });

  test('there is a row for each build, the newest first, with the verdict for the host', async () => {
    const tags = await listBaseTags(nanoserver, store, server2022);
    expect(
      tags.map(({ tag, osVersion, channel, pinned, verdict }) => [
        tag,
        osVersion,
        channel,
        pinned,
        verdict.kind,
      ]),
    ).toEqual([
      ['latest', '10.0.26100.33158', 'ltsc2025', false, 'impossible'],
      ['10.0.20348.5386', '10.0.20348.5386', 'ltsc2022', true, 'process'],
      ['latest', '10.0.20348.5386', 'ltsc2022', false, 'process'],
    ]);
  });

  test('layers that the store lacks count as download', async () => {
    const [tag] = await listBaseTags(nanoserver, store, server2022);
    expect(tag).toMatchObject({ size: 1000, downloadBytes: 1000, local: false, layers: 1 });
  });

  test('the digest to pin is that of the index', async () => {
    const [tag] = await listBaseTags(nanoserver, store, server2022);
    const index = await store.names.resolve('mcr.microsoft.com/windows/nanoserver:latest');
    expect(tag?.pinDigest).toBe(index.digest);
    expect(tag?.manifestDigest).not.toBe(index.digest);
  });

  test('its family is available, others say why not', async () => {
    const families = await listBaseFamilies(catalogue, store);
    expect(families.filter(({ available }) => available).map(({ family }) => family)).toEqual([
      'nanoserver',
    ]);
    expect(families.filter(({ available }) => !available).every(f => f.unavailableReason)).toBe(
      true,
    );
  });
});

test('a family that is not in the catalogue is refused', async () => {
  await expect(listBaseTags(undefined, store, server2022)).rejects.toMatchObject({
    failure: { code: 'bad-request', field: 'family' },
  });
});
