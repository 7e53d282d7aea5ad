/**
 * How fast a store is verified, against sha256sum, and how fast it says what takes room in it.
 * Run: `node bench/storage.ts [MiB] [images] [builds]`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeDocument } from '../electron/engine/content/document-blob.ts';
import { openStore, type Store } from '../electron/engine/content/store.ts';
import { openState, type State } from '../electron/engine/state/state.ts';
import { surveyStore } from '../electron/engine/storage/survey.ts';
import { usageOf } from '../electron/engine/storage/usage.ts';
import { verifyStore } from '../electron/engine/storage/verify.ts';
import { buildRequestSchema } from '../shared/ipc/build-request.ts';
import { mediaTypes } from '../shared/oci/media-types.ts';
import { sha256Digest, type Digest } from '../shared/oci/digest.ts';
import { measure } from './support/measure.ts';

const [mebibytes = 1024, images = 500, builds = 10_000] = process.argv.slice(2).map(Number);
const blobSize = 64 * 1024 * 1024;

async function timed<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  console.log(`${title.padEnd(56)} ${((performance.now() - start) / 1000).toFixed(2)} s`);
  return result;
}

async function writeBlobs(store: Store): Promise<Digest[]> {
  const digests: Digest[] = [];
  for (let left = mebibytes * 1024 * 1024; left > 0; left -= blobSize) {
    const content = randomBytes(Math.min(left, blobSize));
    const digest = sha256Digest(createHash('sha256').update(content).digest('hex'));
    const blob = { mediaType: mediaTypes.ociLayer, digest, size: content.byteLength };
    await store.blobs.write(
      blob,
      (async function* () {
        yield content;
      })(),
    );
    digests.push(digest);
  }
  return digests;
}

async function writeImages(store: Store, layers: readonly Digest[]): Promise<void> {
  for (let n = 0; n < images; n += 1) {
    const diffId = layers[n % layers.length];
    if (diffId === undefined) return;
    const layer = { mediaType: mediaTypes.ociLayer, digest: diffId, size: blobSize };
    const config = await writeDocument(store.blobs, mediaTypes.ociConfig, {
      architecture: 'amd64',
      os: 'windows',
      author: `${n}`,
      rootfs: { type: 'layers', diff_ids: [diffId] },
    });
    const manifest = { schemaVersion: 2, config, layers: [layer] };
    const image = await writeDocument(store.blobs, mediaTypes.ociManifest, manifest);
    await store.names.set(`bench/image-${n}:1`, image);
  }
}

function recordBuilds(state: State): void {
  const { owner } = state.claim();
  for (let n = 0; n < builds; n += 1) {
    const request = buildRequestSchema.parse({ contextDir: `/src/${n % 20}`, tags: ['a:1'] });
    const summary = state.history.begin(request, owner);
    mkdirSync(state.buildDir(summary.buildId), { recursive: true });
    writeFileSync(path.join(state.buildDir(summary.buildId), 'log.text'), 'hello\n');
    const ended = { status: 'succeeded', finishedAt: Date.now(), recordBytes: 6 } as const;
    state.history.save({ ...summary, ...ended });
  }
}

const dir = mkdtempSync(path.join(tmpdir(), 'layerwright-bench-'));
try {
  await using store = await openStore(path.join(dir, 'store'));
  const state = openState(store.dir);
  const layers = await writeBlobs(store);
  await writeImages(store, layers);
  recordBuilds(state);
  const { seconds } = await measure('sh', ['-c', 'sha256sum blobs/sha256/* > ../sums'], store.dir);
  console.log(`${`sha256sum of ${mebibytes} MiB`.padEnd(56)} ${seconds.toFixed(2)} s`);
  await timed(`verify of ${mebibytes} MiB and ${images} images`, async () => verifyStore(store));
  await timed(`what takes room: ${images} images, ${builds} builds`, async () =>
    usageOf(await surveyStore({ store, state }), store.dir),
  );
  await state.close();
} finally {
  rmSync(dir, { recursive: true, force: true });
}
