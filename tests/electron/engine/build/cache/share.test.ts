import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cacheArtifactType,
  encodeCache,
  type SharedStep,
} from '../../../../../electron/engine/build/cache/share/format.ts';
import { openStepRecords } from '../../../../../electron/engine/build/cache/open-records.ts';
import type { Store } from '../../../../../electron/engine/content/store.ts';
import { digestOf } from '../../../../../electron/engine/content/verified.ts';
import { folderArtifact } from '../../../../../electron/engine/image/folder-artifact.ts';
import { createLayerIndexes } from '../../../../../electron/engine/layer/layer-indexes.ts';
import { createRegistryClient } from '../../../../../electron/engine/registry/client.ts';
import { createTransfers } from '../../../../../electron/engine/transfer/create-transfers.ts';
import type { BuildEvent } from '../../../../../shared/ipc/build-events.ts';
import type { BuildRequestInput } from '../../../../../shared/ipc/build-request.ts';
import { digestHex, type Digest } from '../../../../../shared/oci/digest.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../../support/docker-registry.ts';
import { bench, builtImage, nanoserver, type Bench } from '../build.ts';
import type { Files } from '../folder.ts';
import { outcomes, storyOfStep } from './stories.ts';

const files: Files = {
  Dockerfile: `FROM ${nanoserver} AS tools\nWORKDIR C:/tools\nCOPY tool .\nFROM ${nanoserver}\nCOPY src /app/\nCOPY --from=tools /tools /tools\n`,
  tool: 'a tool',
  'src/a': 'a',
  'src/b': 'b',
};

/** The warnings and notes of the last build. */
function said(events: readonly BuildEvent[]): readonly string[] {
  const start = events.findLastIndex(({ kind }) => kind === 'build-started');
  return events.slice(start).flatMap(event => {
    if (event.kind === 'step-warning') return [`warning: ${event.message}`];
    return event.kind === 'step-output' ? event.lines : [];
  });
}

const warnings = (events: readonly BuildEvent[]) =>
  said(events).filter(line => line.startsWith('warning: '));

const local = (dir: string, mode: 'min' | 'max' = 'min') =>
  ({ cacheTo: [{ place: { type: 'local', dir }, mode }] }) satisfies Partial<BuildRequestInput>;
const fromLocal = (dir: string) =>
  ({ cacheFrom: [{ type: 'local', dir }] }) satisfies Partial<BuildRequestInput>;

describe('through a folder', () => {
  test('another machine takes every step, gets the same image, and needs the folder no more', async () => {
    await using a = await bench(files);
    await using b = await bench(files);
    const dir = path.join(a.dir, 'shared');
    const built = await a.build(local(dir, 'max'));
    expect(said(a.events)).toContainEqual(
      expect.stringMatching(
        /^Wrote the cache of 4 steps to type=local,dir=.*shared; .* were not there/,
      ),
    );
    const again = await b.build(fromLocal(dir));
    expect(outcomes(b.events)).toEqual(['0.1 cached', '0.2 cached', '1.1 cached', '1.2 cached']);
    expect(storyOfStep(b.events, '1.1')).toMatchObject({
      kind: 'matched',
      earlier: { from: `type=local,dir=${dir}` },
    });
    expect(again.manifestDigest).toBe(built.manifestDigest);
    expect(warnings(b.events)).toEqual([]);
    await rm(dir, { recursive: true });
    await b.build();
    expect(outcomes(b.events)).toEqual(['0.1 cached', '0.2 cached', '1.1 cached', '1.2 cached']);
  });

  test('min holds the steps of the image alone, and their layers are fetched only where they are needed', async () => {
    await using a = await bench(files);
    await using b = await bench({ ...files, 'src/a': 'other' });
    const dir = path.join(a.dir, 'shared');
    await a.build(local(dir));
    await b.build(fromLocal(dir));
    expect(outcomes(b.events)).toEqual(['0.1 ran', '0.2 ran', '1.1 ran', '1.2 ran']);
    expect(
      withRecords(b.store, records => records.filter(({ from }) => from !== undefined)),
    ).toEqual([]);
    await b.build({ ...fromLocal(dir), noCache: true });
    expect(storyOfStep(b.events, '1.1')).toMatchObject({ kind: 'asked' });
  });

  test('what a new cache does not need goes from the folder, and what another one keeps there stays', async () => {
    await using a = await bench(files);
    const dir = path.join(a.dir, 'shared');
    const blobsIn = async () => (await readdir(path.join(dir, 'blobs', 'sha256'))).sort();
    await a.build(local(dir));
    const first = await blobsIn();
    await writeFile(path.join(a.contextDir, 'src/a'), 'changed');
    await a.build(local(dir));
    const second = await blobsIn();
    expect(second).toHaveLength(first.length);
    expect(second).not.toEqual(first);
  });

  test('nothing is written over a folder that holds something else', async () => {
    await using a = await bench(files);
    const dir = path.join(a.dir, 'mine');
    await mkdir(dir);
    await writeFile(path.join(dir, 'oci-layout'), 'mine');
    await a.build(local(dir));
    expect(warnings(a.events)).toEqual([expect.stringContaining('The cache could not be written')]);
    expect(await readdir(dir)).toEqual(['oci-layout']);
  });
});

describe('a cache that cannot be used', () => {
  test('is a warning where it is not there', async () => {
    await using b = await bench(files);
    await b.build(fromLocal(path.join(b.dir, 'nowhere')));
    expect(warnings(b.events)).toEqual([expect.stringContaining('There is no cache at')]);
    expect(outcomes(b.events)).toContain('1.1 ran');
  });

  test.each<[string, (dir: string) => Promise<unknown>, RegExp]>([
    [
      'a layer was changed',
      async dir => await changeLayers(dir),
      /has a layer for this step that cannot be used/,
    ],
    [
      'a layer is missing',
      async dir => await removeLayers(dir),
      /has a layer for this step that cannot be used/,
    ],
    [
      'its index is no JSON',
      async dir => await writeFile(path.join(dir, 'index.json'), '{'),
      /cannot be used/,
    ],
    [
      'its manifest is of another kind',
      async dir => await otherManifest(dir, { artifactType: 'x/y' }),
      /not a cache that Layerwright wrote/,
    ],
    [
      'its manifest has no layers',
      async dir => await otherManifest(dir, { layers: [] }),
      /names a layer that the manifest does not have/,
    ],
    [
      'its config is huge',
      async dir =>
        await otherManifest(dir, { config: { mediaType: 'x', digest: digestOf('x'), size: 5e9 } }),
      /not a cache that Layerwright wrote/,
    ],
  ])('is a warning where %s, and the steps run', async (_, damage, told) => {
    await using a = await bench(files);
    await using b = await bench(files);
    const dir = path.join(a.dir, 'shared');
    const { manifestDigest } = await a.build(local(dir, 'max'));
    await damage(dir);
    const result = await b.build(fromLocal(dir));
    expect(warnings(b.events).length).toBeGreaterThan(0);
    for (const line of warnings(b.events)) expect(line).toMatch(told);
    // The layer of the last step is that of 0.2, which has just been made here.
    expect(outcomes(b.events).slice(0, 3)).toEqual(['0.1 ran', '0.2 ran', '1.1 ran']);
    expect(result.manifestDigest).toBe(manifestDigest);
  });

  test('is a warning where it lies about what a layer unpacks to', async () => {
    await using a = await bench(files);
    await using b = await bench(files);
    await a.build();
    const steps = sharedSteps(a.store).map(step => lyingAbout(step, digestOf('something else')));
    const dir = await writeCache(a, steps);
    await b.build(fromLocal(dir));
    expect(warnings(b.events)).toHaveLength(steps.length);
    expect(outcomes(b.events)).toContain('1.1 ran');
  });

  test.each(['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'text/html'])(
    'is a warning where a layer has the type %s, whose addresses would be asked',
    async mediaType => {
      await using a = await bench(files);
      await using b = await bench(files);
      await a.build();
      const steps = sharedSteps(a.store).map(step => ({
        ...step,
        outcome: typed(step, mediaType),
      }));
      await b.build(fromLocal(await writeCache(a, steps)));
      expect(warnings(b.events)).toEqual([expect.stringContaining('is not the type of a layer')]);
      expect(outcomes(b.events)).toContain('1.1 ran');
    },
  );

  test('says sizes and counts of its own, which are not believed', async () => {
    await using a = await bench(files);
    await using b = await bench(files);
    await a.build();
    const honest = await a.build();
    await b.build(fromLocal(await writeCache(a, sharedSteps(a.store))));
    const layers = (bench: Bench) =>
      bench.events.flatMap(event =>
        event.kind === 'step-finished' && event.layer ? [JSON.stringify(event.layer)] : [],
      );
    expect(new Set(layers(b))).toEqual(new Set(layers(a)));
    expect((await builtImage(b.store, honest)).layersBaseFirst.length).toBe(honest.layers);
  });
});

describe('through docker-registry', () => {
  let registry: DockerRegistry;
  beforeAll(async () => (registry = await startDockerRegistry()));
  afterAll(async () => await registry[Symbol.asyncDispose]());

  function registryOf(store: Store) {
    const client = createRegistryClient({
      environment: {},
      retryPolicy: { attempts: 1, firstDelayMs: 1, longestDelayMs: 1 },
      timeoutMs: 5000,
    });
    const indexes = createLayerIndexes(store.dir, store.blobs);
    const transfers = createTransfers({ client, store, indexes });
    return {
      transfers,
      deps: { registryArtifact: (reference: string) => transfers.artifact(reference) },
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    };
  }

  test('another machine takes every step of all stages', async () => {
    await using a = await bench(files);
    await using b = await bench(files);
    await using aRegistry = registryOf(a.store);
    await using bRegistry = registryOf(b.store);
    const place = { type: 'registry', ref: `${registry.host}/acme/shop:cache` } as const;
    const built = await a.build({ cacheTo: [{ place, mode: 'max' }] }, aRegistry.deps);
    expect(warnings(a.events)).toEqual([]);
    const result = await b.build({ cacheFrom: [place] }, bRegistry.deps);
    expect(outcomes(b.events)).toEqual(['0.1 cached', '0.2 cached', '1.1 cached', '1.2 cached']);
    expect(result.manifestDigest).toBe(built.manifestDigest);
    expect(warnings(b.events)).toEqual([]);
  });

  test('a name that is not there, and a registry that does not answer, are warnings', async () => {
    await using b = await bench(files);
    await using own = registryOf(b.store);
    const refs = [`${registry.host}/acme/none:cache`, '127.0.0.1:9/acme/none:cache'];
    await b.build({ cacheFrom: refs.map(ref => ({ type: 'registry', ref })) }, own.deps);
    expect(warnings(b.events)).toHaveLength(2);
    expect(outcomes(b.events)).toContain('1.1 ran');
    await b.build({ cacheTo: [{ place: { type: 'registry', ref: refs[1] ?? '' } }] }, own.deps);
    expect(warnings(b.events)).toEqual([expect.stringContaining('could not be written')]);
  });

  test('an image is neither taken for a cache nor written over', async () => {
    await using b = await bench(files);
    await using own = registryOf(b.store);
    const ref = `${registry.host}/acme/image:1`;
    await b.build({ tags: [ref] });
    const { descriptor } = await own.transfers.push({ image: ref });
    const place = { type: 'registry', ref } as const;
    await b.build({ cacheFrom: [place], cacheTo: [{ place }], noCache: true }, own.deps);
    expect(warnings(b.events)).toEqual([expect.stringContaining('not written over')]);
    expect((await own.transfers.artifact(ref).manifest())?.descriptor.digest).toBe(
      descriptor.digest,
    );
    await expect(b.build({ tags: [ref], cacheTo: [{ place }] }, own.deps)).rejects.toMatchObject({
      failure: { code: 'bad-request', field: 'cacheTo' },
    });
  });
});

function withRecords<T>(
  store: Store,
  work: (
    records: ReturnType<NonNullable<ReturnType<typeof openStepRecords>['records']>['list']>,
  ) => T,
): T {
  const { records } = openStepRecords(store.dir);
  if (!records) throw new Error('the cache does not open');
  try {
    return work(records.list());
  } finally {
    records.close();
  }
}

const sharedSteps = (store: Store): SharedStep[] =>
  withRecords(store, records =>
    records.map(({ stepKey, builtAt, outcome }) => ({ stepKey, builtAt, outcome })),
  );

function lyingAbout(step: SharedStep, diffId: Digest): SharedStep {
  const { layer } = step.outcome;
  return layer ? { ...step, outcome: { layer: { ...layer, diffId } } } : step;
}

function typed({ outcome }: SharedStep, mediaType: string): SharedStep['outcome'] {
  const { layer } = outcome;
  return layer ? { layer: { ...layer, descriptor: { ...layer.descriptor, mediaType } } } : {};
}

async function writeCache(b: Bench, steps: readonly SharedStep[]): Promise<string> {
  const dir = path.join(b.dir, 'crafted');
  await folderArtifact(dir, cacheArtifactType, b.store).write(encodeCache(steps));
  return dir;
}

async function manifestOf(dir: string) {
  const index = JSON.parse(await readFile(path.join(dir, 'index.json'), 'utf8')) as {
    manifests: { digest: Digest; size: number }[];
  };
  const [entry] = index.manifests;
  if (!entry) throw new Error('the folder holds nothing');
  const file = path.join(dir, 'blobs', 'sha256', digestHex(entry.digest));
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { layers: { digest: Digest }[] };
  return { index, entry, manifest };
}

async function otherManifest(dir: string, change: object): Promise<void> {
  const { index, entry, manifest } = await manifestOf(dir);
  const bytes = Buffer.from(JSON.stringify({ ...manifest, ...change }));
  const digest = digestOf(bytes);
  await writeFile(path.join(dir, 'blobs', 'sha256', digestHex(digest)), bytes);
  const manifests = [{ ...entry, digest, size: bytes.length }];
  await writeFile(path.join(dir, 'index.json'), JSON.stringify({ ...index, manifests }));
}

async function layerFiles(dir: string): Promise<string[]> {
  const { manifest } = await manifestOf(dir);
  return manifest.layers.map(({ digest }) => path.join(dir, 'blobs', 'sha256', digestHex(digest)));
}

async function changeLayers(dir: string): Promise<void> {
  for (const file of await layerFiles(dir)) {
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(file, bytes);
  }
}

async function removeLayers(dir: string): Promise<void> {
  for (const file of await layerFiles(dir)) await rm(file);
}
