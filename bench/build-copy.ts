/**
 * A portable build that copies a tree, against `tar | sha256sum` and `pigz` over the same tree in the same run;
 * then the same build again with nothing changed.
 * Usage: node bench/build-copy.ts [gibibytes=1] [files=10000]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measure } from './support/measure.ts';
import { makeTree } from './support/tree.ts';

const [gibibytes = '1', files = '10000'] = process.argv.slice(2);
const cli = path.resolve(import.meta.dirname, '../electron/cli.ts');
// Reads the tree once, hashes it and compresses it on all processors, as `tar | sha256sum | pigz` would be meant.
const peerScript = 'tar cf - tree | tee >(sha256sum >digest) | pigz >layer.tar.gz';

const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-bench-'));
// As electron/layerwright.mjs starts the command line.
process.env['NODE_COMPILE_CACHE'] = path.join(dir, 'compiled');
try {
  await mkdir(path.join(dir, 'tree'));
  await makeTree(path.join(dir, 'tree'), Number(files), Number(gibibytes) * 2 ** 30);
  await writeFile(
    path.join(dir, 'Dockerfile'),
    'FROM layerwright.local/windows/nanoserver:ltsc2022\nCOPY tree/ C:/tree/\n',
  );
  await measure(process.execPath, [cli, '--store', path.join(dir, 'store'), 'samples'], dir);
  const peer = () => measure('bash', ['-c', peerScript], dir);
  const before = await peer();
  const ours = await build();
  const after = await peer();
  const again = await build();
  const peerSeconds = Math.min(before.seconds, after.seconds);
  console.log(
    JSON.stringify({
      bench: 'build-copy',
      gibibytes: Number(gibibytes),
      files: Number(files),
      peerSeconds: round(peerSeconds),
      oursSeconds: round(ours.seconds),
      ratio: round(ours.seconds / peerSeconds),
      peakMebibytes: ours.peakMebibytes,
      unchangedRebuildMs: durationOf(again.output),
      unchangedRebuildSecondsWithStart: round(again.seconds),
    }),
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function build() {
  const store = path.join(dir, 'store');
  return await measure(
    process.execPath,
    [cli, '--store', store, 'build', '-t', 'bench/copy:1', '--progress', 'json', dir],
    dir,
  );
}

/** The engine's own time: from the start of the build to its image, without the start of Node. */
function durationOf(output: string): number {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const event = JSON.parse(last) as { kind: string; result?: { durationMs: number } };
  if (event.kind !== 'build-finished' || event.result === undefined) throw new Error(last);
  return Math.round(event.result.durationMs);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
