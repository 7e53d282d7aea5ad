/**
 * `node bench/package.ts`: sizes of what people download, and how long the packed command line takes to start, beside
 * its budgets. The peer of the start is Node alone, in the same run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPackage } from '@electron/asar';
import { bundle } from '../electron/bundle.ts';
import { stageApp, stageHost } from '../electron/package/stage.ts';
import { zipFolder } from '../electron/package/zip.ts';
import { median } from './support/median.ts';

const productDir = path.resolve(import.meta.dirname, '..');
const target = { platform: 'win32', arch: 'x64' } as const;
/** Bytes; the start as a multiple of Node's own. */
const budgets = { hostZip: 45_000_000, appArchive: 20_000_000, start: 3 };

/** The median of `rounds` runs of Node, in ms. */
function startMs(args: readonly string[], rounds = 9): number {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
    times.push(performance.now() - begin);
  }
  return median(times);
}

await bundle();
const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-bench-package-'));
try {
  const hostDir = path.join(dir, 'host');
  await stageHost({ productDir, target }, hostDir);
  await zipFolder(hostDir, path.join(dir, 'host.zip'), 'host');
  await stageApp({ productDir, target }, path.join(dir, 'app'));
  await createPackage(path.join(dir, 'app'), path.join(dir, 'app.asar'));
  const hostZip = (await stat(path.join(dir, 'host.zip'))).size;
  const appArchive = (await stat(path.join(dir, 'app.asar'))).size;
  const cli = startMs([path.join(hostDir, 'out/cli/cli.js'), '--version']);
  const node = startMs(['-e', '0']);
  const start = cli / node;
  const within =
    hostZip <= budgets.hostZip && appArchive <= budgets.appArchive && start <= budgets.start;
  const rounded = {
    cliMs: Math.round(cli),
    nodeMs: Math.round(node),
    start: Number(start.toFixed(2)),
  };
  console.log(
    JSON.stringify({ bench: 'package', hostZip, appArchive, ...rounded, budgets, within }),
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}
