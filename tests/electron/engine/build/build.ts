import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll } from 'vitest';
import { openStore, type Store } from '../../../../electron/engine/content/store.ts';
import { storedBaseImages } from '../../../../electron/engine/build/base-image.ts';
import { runBuild, type BuildDeps } from '../../../../electron/engine/build/run-build.ts';
import { readImage, type StoredImage } from '../../../../electron/engine/image/read-image.ts';
import { decompress } from '../../../../electron/engine/layer/decompress.ts';
import type { LayerEntry } from '../../../../electron/engine/layer/entry.ts';
import { readLayer } from '../../../../electron/engine/layer/layer-reader.ts';
import { sampleCatalogue } from '../../../../electron/engine/sample/catalogue.ts';
import { writeSampleImages } from '../../../../electron/engine/sample/write-samples.ts';
import {
  buildRequestSchema,
  type BuildRequestInput,
} from '../../../../shared/ipc/build-request.ts';
import type { BuildEvent, BuildResult } from '../../../../shared/ipc/build-events.ts';
import type { ImageLayer } from '../../../../shared/oci/layer-chain.ts';
import { tempDir, writeFiles, type Files } from './folder.ts';

export const nanoserver = 'layerwright.local/windows/nanoserver:ltsc2022';
export const servercore = 'layerwright.local/windows/servercore:ltsc2022';

/** A build context and a store with the sample bases; gone when it is disposed. */
export interface Bench extends AsyncDisposable {
  readonly dir: string;
  readonly contextDir: string;
  readonly store: Store;
  readonly events: BuildEvent[];
  build(
    request?: Partial<BuildRequestInput>,
    deps?: Partial<BuildDeps>,
    signal?: AbortSignal,
  ): Promise<BuildResult>;
}

let samplesDir: Promise<string> | undefined;

// Here, not where the folder is made: a hook of a file must be known before its tests run.
afterAll(async () => {
  if (samplesDir) await rm(await samplesDir, { recursive: true, force: true });
});

/** A store with a Nano Server of two versions and a Server Core of two layers, made once for a test file. */
function sampleStore(): Promise<string> {
  samplesDir ??= makeSamples();
  return samplesDir;
}

async function makeSamples(): Promise<string> {
  const temp = await tempDir();
  const store = await openStore(temp.dir);
  const wanted = /nanoserver:ltsc20(?:22|25)$|servercore:ltsc2022$/u;
  await writeSampleImages(store, {
    images: sampleCatalogue().filter(({ references: [name] }) => wanted.test(name)),
  });
  await store[Symbol.asyncDispose]();
  return temp.dir;
}

export async function bench(files: Files, samples = true): Promise<Bench> {
  const temp = await tempDir();
  const contextDir = path.join(temp.dir, 'context');
  await mkdir(contextDir);
  await writeFiles(contextDir, files);
  if (samples) await cp(await sampleStore(), path.join(temp.dir, 'store'), { recursive: true });
  const store = await openStore(path.join(temp.dir, 'store'));
  const events: BuildEvent[] = [];
  return {
    dir: temp.dir,
    contextDir,
    store,
    events,
    build: (request = {}, deps = {}, signal) =>
      runBuild(
        buildRequestSchema.parse({ contextDir, ...request }),
        { ...depsFor(store), onEvent: event => void events.push(event), ...deps },
        signal,
      ),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await temp[Symbol.asyncDispose]();
    },
  };
}

export function depsFor(store: Store): Omit<BuildDeps, 'onEvent'> {
  return {
    store,
    baseImages: storedBaseImages(store),
    host: { kind: 'other', os: 'Linux' },
    buildPlatform: { os: 'linux', architecture: 'amd64' },
    environment: {},
  };
}

export async function builtImage(
  store: Store,
  { manifestDigest }: BuildResult,
): Promise<StoredImage> {
  return readImage(store.blobs, await store.names.resolve(manifestDigest));
}

/** The entries of a layer, with the text of small files. */
export async function entriesOf(
  store: Store,
  layer: ImageLayer,
): Promise<(LayerEntry & { readonly text?: string })[]> {
  const { descriptor } = layer;
  const entries = [];
  const tar = decompress(store.blobs.read(descriptor), descriptor.mediaType, descriptor.digest);
  for await (const { entry, content } of readLayer(tar, { digest: descriptor.digest })) {
    if (entry.kind !== 'file' || entry.size > 10_000) {
      entries.push(entry);
      continue;
    }
    const chunks = [];
    for await (const chunk of content()) chunks.push(Buffer.from(chunk));
    entries.push({ ...entry, text: Buffer.concat(chunks).toString() });
  }
  return entries;
}

/** Paths of the top layer: folders end with `/`, small files show their text. */
export async function topLayer(store: Store, result: BuildResult): Promise<string[]> {
  const { layersBaseFirst } = await builtImage(store, result);
  const layer = layersBaseFirst.at(-1);
  if (!layer) return [];
  return (await entriesOf(store, layer)).map(entry => {
    if (entry.kind === 'directory') return `${entry.path}/`;
    return entry.kind === 'symlink'
      ? `${entry.path} -> ${entry.target}`
      : `${entry.path}=${entry.text ?? ''}`;
  });
}
