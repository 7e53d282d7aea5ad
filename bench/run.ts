/**
 * `npm run bench`: every measurement, one JSON line each. Needs about 15 GB of free space in the temp folder and
 * some ten minutes on two cores; nothing else should run meanwhile. Single ones: `node bench/<name>.ts`.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const runs: readonly (readonly string[])[] = [
  ['build-copy.ts', '1', '10000'],
  ['build-copy.ts', '4', '1'],
  ['cached-rebuild.ts'],
  ['layer-write.ts', '1024', '10000'],
  ['layer-index.ts', '1536', '100000'],
  ['hive.ts', '60'],
  ['log-store.ts'],
  ['log-view.ts'],
  ['app.ts'],
  ['registry.ts'],
  ['storage.ts'],
  ['package.ts'],
  ['kills.ts'],
];

let failed = 0;
for (const [file = '', ...args] of runs) {
  console.log(`\n== ${[file, ...args].join(' ')}`);
  const script = path.join(import.meta.dirname, file);
  const { status } = spawnSync(process.execPath, [script, ...args], {
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  if (status !== 0) {
    failed++;
    console.log(`failed with ${status}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
