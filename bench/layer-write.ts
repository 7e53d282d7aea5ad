/**
 * Compares writing a layer with `tar | sha256sum | pigz` over the same tree, in the same run.
 * Usage: node bench/layer-write.ts [mebibytes=256] [files=2500] [gzip|zstd|none]
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createWriteStream, openSync, readSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Digest } from '../shared/oci/digest.ts';
import type { Ingest } from '../electron/engine/content/blob-store.ts';
import type { LayerCompression } from '../electron/engine/layer/block-codec.ts';
import type { Bytes } from '../electron/engine/content/bytes.ts';
import { createLayerWriter } from '../electron/engine/layer/layer-writer.ts';

const [mebibytes = '256', files = '2500', compression = 'gzip'] = process.argv.slice(2);
const dir = await mkdtemp(join(tmpdir(), 'layer-write-'));
try {
  const paths = await makeTree(join(dir, 'tree'), Number(files), Number(mebibytes) * 2 ** 20);
  const peer = await timed(() => runPeer(dir));
  const ours = await timed(() => writeLayer(dir, paths, compression as LayerCompression));
  const again = await timed(() => runPeer(dir));
  const best = Math.min(peer, again);
  console.log(
    JSON.stringify({
      mebibytes: Number(mebibytes),
      files: paths.length,
      peerSeconds: best,
      oursSeconds: ours,
      ratio: Math.round((ours / best) * 100) / 100,
      peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}

/** Files that compress about as well as programs do: words drawn at random, with noise between. */
async function makeTree(root: string, count: number, total: number): Promise<string[]> {
  const size = Math.floor(total / count);
  const noise = randomBytes(1 << 20);
  const paths: string[] = [];
  for (let index = 0; index < count; index++) {
    const folder = join(root, `d${Math.floor(index / 100)}`);
    if (index % 100 === 0) await mkdir(folder, { recursive: true });
    const path = join(folder, `file${index}.bin`);
    await writeFile(path, content(noise, index, size));
    paths.push(path);
  }
  return paths;
}

function content(noise: Buffer, seed: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed * 2654435761 + 1;
  for (let at = 0; at < size; at += 48) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    noise.copy(bytes, at, state % 4096, (state % 4096) + 48);
    bytes.writeUInt32LE(state, Math.min(at, size - 4));
  }
  return bytes;
}

async function runPeer(dir: string): Promise<void> {
  const script = `tar -C '${dir}/tree' -cf - . | tee >(sha256sum > '${dir}/sum') | pigz > '${dir}/peer.gz'`;
  const [code] = await once(spawn('bash', ['-c', script]), 'exit');
  if (code !== 0) throw new Error(`the peer failed with ${code}`);
}

async function writeLayer(
  dir: string,
  paths: string[],
  compression: LayerCompression,
): Promise<void> {
  const writer = createLayerWriter({
    compression,
    ingest: async () => fileIngest(join(dir, 'ours')),
  });
  const common = { modified: 0n, created: 0n, attributes: 16 } as const;
  await writer.add({ ...common, kind: 'directory', path: 'Files' });
  const folders = new Set<string>();
  for (const path of paths) {
    const [folder = '', name = ''] = path.split('/').slice(-2);
    if (!folders.has(folder))
      await writer.add({ ...common, kind: 'directory', path: `Files/${folder}` });
    folders.add(folder);
    const { size } = await stat(path);
    await writer.add(
      { ...common, kind: 'file', path: `Files/${folder}/${name}`, size },
      read(path),
    );
  }
  const { phases } = await writer.finish();
  console.log(JSON.stringify(phases));
}

// Synchronous, as the builder reads: while the pool compresses, asynchronous reads of small files cost a third more.
async function* read(path: string): Bytes {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(256 * 1024);
    for (;;) {
      const count = readSync(file, buffer);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

function fileIngest(path: string): Ingest {
  const hash = createHash('sha256');
  const stream = createWriteStream(path);
  let size = 0;
  return {
    async write(chunk) {
      hash.update(chunk);
      size += chunk.byteLength;
      if (!stream.write(chunk)) await once(stream, 'drain');
    },
    async commit() {
      stream.end();
      await once(stream, 'close');
      return { digest: sha256Digest(hash.digest('hex')), size };
    },
    async abort() {
      stream.destroy();
      await rm(path, { force: true });
    },
  };
}

async function timed(action: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await action();
  return Math.round(performance.now() - start) / 1000;
}
