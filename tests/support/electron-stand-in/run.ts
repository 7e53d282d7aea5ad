/**
 * Starts a main bundle with the stand-in: `node run.ts <app folder> [arguments]`, where the folder has
 * the bundle at `out/main/main.js`. With a fork channel it can be controlled by a test.
 */
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const standInUrl = new URL('./electron.ts', import.meta.url).href;
/** A main module that waits for `ready` at its top level would wait for ever. */
const settleMs = 10_000;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standInUrl, shortCircuit: true } : next(specifier, context),
});

// argv is [program, app folder, ...], as in `electron <folder> ...`.
const appDir = path.resolve(process.argv[2] ?? '.');
process.argv.splice(1, 1);

const { becomeReady } = await import('./electron.ts');
const { listenToTest } = await import('./control.ts');
const tooLate = setTimeout(() => {
  console.error('main did not settle: does it await app.whenReady() at its top level?');
  process.exit(3);
}, settleMs);
await import(pathToFileURL(path.join(appDir, 'out/main/main.js')).href);
clearTimeout(tooLate);
listenToTest();
becomeReady();
