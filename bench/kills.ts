/**
 * Kills the command line 200 times at random moments of builds, pulls and collections, and checks the whole store each
 * time. Run: `node bench/kills.ts [count]`; needs docker-registry and some seven minutes.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const [count = '200'] = process.argv.slice(2);
const root = path.resolve(import.meta.dirname, '..');
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', 'tests/electron/crash/kill.test.ts'],
  {
    cwd: root,
    env: { ...process.env, LAYERWRIGHT_KILLS: count },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
