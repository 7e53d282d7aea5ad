/**
 * Pulling and pushing an image of two layers, against skopeo in the same run, with Debian's docker-registry on
 * loopback; and what a pull that was killed fetches again: `node bench/registry.ts [MiB] [rounds]`.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { openStore, type Store } from '../electron/engine/content/store.ts';
import { writeImage } from '../electron/engine/image/write-image.ts';
import { sha256Digest } from '../shared/oci/digest.ts';
import { appendLayer, emptyImage } from '../shared/oci/image.ts';
import type { ImageLayer } from '../shared/oci/layer-chain.ts';
import { mediaTypes } from '../shared/oci/media-types.ts';
import { startDockerRegistry } from '../tests/support/docker-registry.ts';
import { startFaultyRegistry } from '../tests/support/faulty-registry.ts';
import { newTempDir } from '../tests/support/temp-dir.ts';
import { measure, type Measured } from './support/measure.ts';
import { median } from './support/median.ts';

const mebibyte = 1024 * 1024;
const size = Number(process.argv[2] ?? 1024) * mebibyte;
const rounds = Number(process.argv[3] ?? 3);
const script = path.join(import.meta.dirname, 'support', 'transfer.ts');
const dir = await newTempDir();
// As the command line is started.
process.env['NODE_COMPILE_CACHE'] = path.join(dir, 'compiled');

/** Bytes that no program can make smaller, so that only moving them counts; seen by both programs as gzip. */
async function storeLayer(store: Store, bytes: number): Promise<ImageLayer> {
  const diff = createHash('sha256');
  const noise = randomBytes(mebibyte);
  function* content() {
    for (let at = 0; at < bytes; at += mebibyte) {
      noise.writeUInt32LE(at / mebibyte, 0);
      const block = Buffer.from(noise);
      diff.update(block);
      yield block;
    }
  }
  const ingest = await store.blobs.ingest();
  const packed = Readable.from(content()).pipe(createGzip({ level: 0, chunkSize: mebibyte }));
  for await (const chunk of packed) await ingest.write(chunk as Uint8Array);
  const blob = await ingest.commit();
  return {
    descriptor: { mediaType: mediaTypes.ociLayerGzip, ...blob },
    diffId: sha256Digest(diff.digest('hex')),
  };
}

async function makeImage(store: Store, layers: readonly number[], name: string): Promise<void> {
  let image = emptyImage({ os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1' });
  for (const bytes of layers) {
    image = appendLayer(image, await storeLayer(store, bytes), { created_by: 'bench' });
  }
  await store.names.set(name, await writeImage(store.blobs, image));
}

async function ours(verb: string, store: string, reference: string): Promise<Measured> {
  return await measure(process.execPath, [script, verb, store, reference], dir);
}

async function skopeo(from: string, to: string): Promise<Measured> {
  const plain = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  return await measure(
    'skopeo',
    ['--override-os', 'windows', 'copy', '-q', ...plain, from, to],
    dir,
  );
}

function report(what: string, mine: readonly Measured[], theirs: readonly Measured[]): void {
  const seconds = median(mine.map(each => each.seconds));
  const peer = median(theirs.map(each => each.seconds));
  console.log(
    JSON.stringify({
      bench: `registry ${what}`,
      mebibytes: size / mebibyte,
      seconds: Number(seconds.toFixed(2)),
      skopeoSeconds: Number(peer.toFixed(2)),
      ratio: Number((seconds / peer).toFixed(2)),
      peakMebibytes: Math.max(...mine.map(each => each.peakMebibytes)),
      skopeoPeakMebibytes: Math.max(...theirs.map(each => each.peakMebibytes)),
    }),
  );
}

async function benchPull(reference: string): Promise<void> {
  const mine: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [store, layout] = [path.join(dir, 'pulled'), path.join(dir, 'layout')];
    mine.push(await ours('pull', store, reference));
    await rm(store, { recursive: true });
    theirs.push(await skopeo(`docker://${reference}`, `oci:${layout}:x`));
    await rm(layout, { recursive: true });
  }
  report('pull', mine, theirs);
}

/** Each time to a registry that has nothing, so that neither program can mount. */
async function benchPush(store: string): Promise<void> {
  const mine: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    {
      await using registry = await startDockerRegistry();
      mine.push(await ours('push', store, `${registry.host}/bench:1`));
    }
    await using registry = await startDockerRegistry();
    const from = `oci:${store}:docker.io/library/bench:1`;
    theirs.push(await skopeo(from, `docker://${registry.host}/bench:1`));
  }
  report('push', mine, theirs);
}

/**
 * Kills a pull in the middle, and counts what the registry has sent when another one has ended. The line is slowed, as
 * lines that break off are: at full speed on loopback, what the kernel holds for a reader who dies is 1 % of 1 GB.
 */
async function benchResume(upstream: string, name: string, bytes: number): Promise<void> {
  await using registry = await startFaultyRegistry(upstream);
  registry.order({
    fault: { kind: 'trickle', bytes: 1_000_000, milliseconds: 10 },
    path: /blobs/,
    times: Infinity,
  });
  const store = path.join(dir, 'resumed');
  const sent = (): number => registry.log.reduce((sum, request) => sum + request.sent, 0);
  const reference = `${registry.host}/${name}`;
  const child = spawn(process.execPath, [script, 'pull', store, reference], { stdio: 'inherit' });
  await new Promise<void>(resolve => {
    const watch = setInterval(() => {
      if (sent() < bytes / 2) return;
      clearInterval(watch);
      child.kill('SIGKILL');
      resolve();
    }, 5);
  });
  const { seconds, peakMebibytes } = await ours('pull', store, reference);
  await rm(store, { recursive: true });
  const again = Math.max(0, sent() - bytes);
  console.log(
    JSON.stringify({
      bench: 'registry resume after a kill',
      mebibytes: Math.round(bytes / mebibyte),
      secondRunSeconds: Number(seconds.toFixed(2)),
      peakMebibytes,
      fetchedAgainPercent: Number(((100 * again) / bytes).toFixed(2)),
    }),
  );
}

try {
  await using registry = await startDockerRegistry();
  const storeDir = path.join(dir, 'store');
  {
    await using store = await openStore(storeDir);
    await makeImage(store, [size / 2, size / 2], 'bench:1');
  }
  await ours('push', storeDir, `${registry.host}/bench:1`);
  await benchPull(`${registry.host}/bench:1`);
  await benchPush(storeDir);
  const single = path.join(dir, 'single');
  {
    await using store = await openStore(single);
    await makeImage(store, [size], 'bench:1');
  }
  await ours('push', single, `${registry.host}/single:1`);
  await benchResume(registry.url, 'single:1', size);
} finally {
  await rm(dir, { recursive: true, force: true });
}
