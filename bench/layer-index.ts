/**
 * Indexes one gzip layer as the app does, against plain inflate and sha256 and against `tar -tzf`, each in a process of
 * its own in the same run; then opens an index of 250,000 entries.
 * Usage: node bench/layer-index.ts [mebibytes=1536] [files=100000]
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { openStore, type Store } from '../electron/engine/content/store.ts';
import { inspectChain } from '../electron/engine/inspect/chain-inspector.ts';
import type { LayerRef } from '../electron/engine/layer/index-layer.ts';
import { createLayerIndexes } from '../electron/engine/layer/layer-indexes.ts';
import { createLayerWriter } from '../electron/engine/layer/layer-writer.ts';
import { measure, type Measured } from './support/measure.ts';

const noise = randomBytes(8 * 2 ** 20);
const words = Buffer.from('layer chain registry manifest windows container digest '.repeat(20));

const [mode = '1536', ...rest] = process.argv.slice(2);
switch (mode) {
  case 'plain':
    await inflateAndHash(rest[0] ?? '');
    break;
  case 'index':
    await index(rest[0] ?? '', JSON.parse(rest[1] ?? '{}') as LayerRef);
    break;
  case 'open':
    await open(rest[0] ?? '', JSON.parse(rest[1] ?? '{}') as LayerRef);
    break;
  default:
    await compare(Number(mode), Number(rest[0] ?? '100000'));
}

async function compare(mebibytes: number, files: number): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-bench-'));
  const store = await openStore(path.join(dir, 'store'));
  // As `layerwright` starts; the plain program gets the same.
  process.env['NODE_COMPILE_CACHE'] = path.join(dir, 'compiled');
  try {
    const layer = await writeLayer(store, files, Math.floor((mebibytes * 2 ** 20) / files));
    const blob = store.blobs.path(layer.descriptor.digest);
    const argument = JSON.stringify(layer);
    const rounds: Record<'plain' | 'index' | 'tar', Measured>[] = [];
    for (let round = 0; round < 3; round++) {
      await rm(path.join(store.dir, 'layer-index'), { recursive: true, force: true });
      rounds.push({
        plain: await measure(process.execPath, [import.meta.filename, 'plain', blob], dir),
        index: await measure(
          process.execPath,
          [import.meta.filename, 'index', store.dir, argument],
          dir,
        ),
        tar: await measure(
          'sh',
          ['-c', `tar --warning=no-unknown-keyword -tzf '${blob}' | wc -l`],
          dir,
        ),
      });
    }
    const best = (name: 'plain' | 'index' | 'tar') =>
      Math.min(...rounds.map(round => round[name].seconds));
    const compressed = Math.round(layer.descriptor.size / 2 ** 20);
    const many = await writeLayer(store, 250_000, 0);
    await index(store.dir, many);
    const opened = await measure(
      process.execPath,
      [import.meta.filename, 'open', store.dir, JSON.stringify(many)],
      dir,
    );
    console.log(
      JSON.stringify({
        mebibytes,
        compressed,
        files,
        plainSeconds: round2(best('plain')),
        indexSeconds: round2(best('index')),
        tarSeconds: round2(best('tar')),
        ratio: round2(best('index') / best('plain')),
        peakMebibytes: Math.max(...rounds.map(round => round.index.peakMebibytes)),
        open: JSON.parse(opened.output) as unknown,
      }),
    );
  } finally {
    await store[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  }
}

/** A hundred files to a folder; contents compress about as well as programs do. */
async function writeLayer(store: Store, files: number, size: number): Promise<LayerRef> {
  const writer = createLayerWriter({ ingest: () => store.blobs.ingest(), compression: 'gzip' });
  const common = { modified: 1_700_000_000_123_456_700n, created: 1_700_000_000_000_000_000n };
  await writer.add({ ...common, kind: 'directory', path: 'Files', attributes: 16 });
  for (let at = 0; at < files; at++) {
    const folder = `Files/folder-${Math.floor(at / 100)}`;
    if (at % 100 === 0)
      await writer.add({ ...common, kind: 'directory', path: folder, attributes: 16 });
    const entry = { ...common, attributes: 32, path: `${folder}/file-${at}.dll`, size };
    await writer.add({ ...entry, kind: 'file' }, size === 0 ? undefined : contentOf(at, size));
  }
  const { descriptor, diffId } = await writer.finish();
  return { descriptor, diffId };
}

/** One part of noise to two of words, each at a place of its own, which gzip makes about a third of. */
async function* contentOf(seed: number, size: number) {
  const bytes = Buffer.alloc(size);
  let state = seed + 1;
  for (let at = 0; at < size; at += 96) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    noise.copy(bytes, at, state % (noise.length - 32), (state % (noise.length - 32)) + 32);
    words.copy(bytes, at + 32, state % (words.length - 64), (state % (words.length - 64)) + 64);
  }
  yield bytes;
}

async function inflateAndHash(file: string): Promise<void> {
  const hash = createHash('sha256');
  const tar = createReadStream(file, { highWaterMark: 2 ** 20 }).pipe(
    createGunzip({ chunkSize: 512 * 1024 }),
  );
  for await (const chunk of tar as AsyncIterable<Buffer>) hash.update(chunk);
  console.log(hash.digest('hex'));
}

async function index(storeDir: string, layer: LayerRef): Promise<void> {
  const store = await openStore(storeDir);
  const { count } = await createLayerIndexes(storeDir, store.blobs).get(layer);
  if (mode === 'index') console.log(count);
  await store[Symbol.asyncDispose]();
}

async function open(storeDir: string, layer: LayerRef): Promise<void> {
  const store = await openStore(storeDir);
  const started = performance.now();
  const found = await createLayerIndexes(storeDir, store.blobs).get(layer);
  const inspector = inspectChain([found]);
  const key = { layerIndex: 0, view: 'layer' } as const;
  inspector.children(key, { directory: '', sort: 'size', offset: 0, limit: 500 });
  inspector.totals(0);
  const openMs = performance.now() - started;
  const searched = performance.now();
  const { total } = inspector.search(key, { text: 'file-12345', offset: 0, limit: 500 });
  const filterMs = performance.now() - searched;
  console.log(
    JSON.stringify({
      entries: found.count,
      openMs: Math.round(openMs),
      filterMs: Math.round(filterMs),
      hits: total,
    }),
  );
  await store[Symbol.asyncDispose]();
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
