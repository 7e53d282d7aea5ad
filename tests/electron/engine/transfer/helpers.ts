import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import type { Store } from '../../../../electron/engine/content/store.ts';
import { openStore } from '../../../../electron/engine/content/store.ts';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import { writeImage, writeIndex } from '../../../../electron/engine/image/write-image.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { createRegistryClient } from '../../../../electron/engine/registry/client.ts';
import { createTransfers } from '../../../../electron/engine/transfer/create-transfers.ts';
import type { Transfers } from '../../../../electron/engine/transfer/transfers.ts';
import type { TransferEvent } from '../../../../shared/ipc/transfer-events.ts';
import type { Descriptor, Platform } from '../../../../shared/oci/descriptor.ts';
import { appendLayer, emptyImage } from '../../../../shared/oci/image.ts';
import type { ImageLayer } from '../../../../shared/oci/layer-chain.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import type { Host } from '../../../../shared/windows/host-compatibility.ts';
import { bytesOf, collect, filesBelow, listBlobs, newStore } from '../content/helpers.ts';
import { layerTar } from '../image/helpers.ts';
import { newTempDir } from '../../../support/temp-dir.ts';

const exec = promisify(execFile);

export const linux: Host = { kind: 'other', os: 'Linux' };
export const server2022: Host = {
  kind: 'windows',
  version: { major: 10, minor: 0, build: 20_348 },
  edition: 'server',
  architecture: 'amd64',
};
export const anyWindows = { kind: 'host', host: linux, architecture: 'amd64' } as const;

/** A store with transfers that are quick to give up, and what they told. */
export interface Site {
  readonly store: Store;
  readonly transfers: Transfers;
  readonly events: TransferEvent[];
  readonly onEvent: (event: TransferEvent) => void;
}

export async function newSite(store?: Store): Promise<Site> {
  const own = store ?? (await newStore());
  const events: TransferEvent[] = [];
  const { client, transfers } = quickTransfers(own);
  onTestFinished(() => client[Symbol.asyncDispose]());
  return {
    store: own,
    transfers,
    events,
    onEvent: event => void events.push(event),
  };
}

/** Of a whole file of tests; who asks for it closes it. */
export async function lastingSite(): Promise<Site & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const dir = await newTempDir();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const store = stack.use(await openStore(join(dir, 'store')));
  const { client, transfers } = quickTransfers(store);
  stack.use(client);
  const running = stack.move();
  return {
    store,
    transfers,
    events: [],
    onEvent: () => undefined,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

function quickTransfers(store: Store) {
  const retries = { attempts: 3, firstDelayMs: 5, longestDelayMs: 20 };
  const client = createRegistryClient({ environment: {}, retryPolicy: retries, timeoutMs: 5000 });
  const indexes = createLayerIndexes(store.dir, store.blobs);
  const fetching = { retries, stallMs: 300 };
  return { client, transfers: createTransfers({ client, store, indexes, fetching }) };
}

/** A layer of random bytes, so that no two are alike; a foreign type gets `urls`. */
export async function randomLayer(
  store: Store,
  size: number,
  type: { readonly mediaType?: string; readonly urls?: string[] } = {},
): Promise<ImageLayer> {
  const tar = await layerTar('data.bin', randomBytes(size / 2).toString('hex'));
  const { mediaType = mediaTypes.ociLayer, urls } = type;
  const descriptor: Descriptor = {
    mediaType,
    digest: digestOf(tar),
    size: tar.byteLength,
    ...(urls === undefined ? {} : { urls }),
  };
  await store.blobs.write(descriptor, bytesOf(tar));
  return { descriptor, diffId: digestOf(tar) };
}

export function windows(osVersion: string, architecture = 'amd64'): Platform {
  return { os: 'windows', architecture, 'os.version': osVersion };
}

/** Stores and names an image of these layers. */
export async function imageOf(
  store: Store,
  layers: readonly ImageLayer[],
  options: { readonly name?: string; readonly platform?: Platform } = {},
): Promise<Descriptor> {
  let image = emptyImage(options.platform ?? windows('10.0.20348.2700'));
  for (const layer of layers) image = appendLayer(image, layer, { created_by: 'COPY' });
  const descriptor = await writeImage(store.blobs, image);
  await store.names.set(options.name ?? 'app:1', descriptor);
  return descriptor;
}

/** Stores and names an index with one image for each version. */
export async function indexOf(
  store: Store,
  versions: readonly string[],
  name = 'multi:1',
): Promise<Descriptor> {
  const images: Descriptor[] = [];
  for (const version of versions) {
    const layer = await randomLayer(store, 20_000);
    images.push(
      await imageOf(store, [layer], { platform: windows(version), name: `part:${version}` }),
    );
  }
  const descriptor = await writeIndex(store.blobs, images);
  await store.names.set(name, descriptor);
  return descriptor;
}

/** Asserts that a store is whole: it opens, every blob is what its name says, nothing lies about. */
export async function expectClean(store: Store): Promise<void> {
  await using again = await openStore(store.dir);
  for (const { digest, size } of await listBlobs(again)) {
    await collect(again.blobs.read({ mediaType: 'application/octet-stream', digest, size }));
  }
  const stray = (await filesBelow(store.dir)).filter(
    file =>
      !/^(?:blobs\/sha256|downloads|layer-index)\/[0-9a-f]{64}$/.test(file) &&
      !['index.json', 'oci-layout'].includes(file),
  );
  expect(stray).toEqual([]);
}

export async function skopeo(...args: string[]): Promise<string> {
  const { stdout } = await exec('skopeo', ['--override-os', 'windows', ...args]);
  return stdout;
}
