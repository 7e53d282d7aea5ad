/**
 * `npm run demo`: builds examples/hello-nanoserver with the portable backend and prints the layers of the image. It
 * uses the store of the app, which then shows the build and the image, too; LAYERWRIGHT_STORE names another one.
 */
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { storeLocation } from '../electron/engine/content/store-location.ts';

const productDir = path.resolve(import.meta.dirname, '..');
const exampleDir = path.join(import.meta.dirname, 'hello-nanoserver');
const reference = 'hello-nanoserver:1.0';

/** Runs the command line as anybody would; ends as it does where it fails. */
function layerwright(...args: readonly string[]): void {
  console.log(`\n$ layerwright ${args.join(' ')}`);
  const command = [path.join(productDir, 'electron/cli.ts'), ...args];
  const { status } = spawnSync(process.execPath, command, { cwd: productDir, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

console.log(
  `The store is ${path.resolve(storeLocation(process.env, process.platform, homedir()))}`,
);
layerwright('build', '--tag', reference, path.relative(productDir, exampleDir));
layerwright('inspect', reference);
console.log('\nSee the same in the app: npm start');
