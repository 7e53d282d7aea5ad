import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type InlineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '..');
const outDir = path.join(root, 'out');

/** Stay outside of the bundles: Electron itself, and koffi, which loads its own native module. */
const external = [/^node:/, 'electron', 'koffi'];

/** Tells when the bundles were made; its time is the one at which the sources were read. */
export const stampFile = path.join(outDir, 'bundled');

/** Bundles main, its workers, preload, renderer and the command line of packages. `out/` is the old one or the new one, never a mixture. */
export async function bundle(): Promise<void> {
  const startedAt = new Date();
  // Within node_modules: same disk, not in git, and out of the way of checks.
  const aside = path.join(root, `node_modules/.bundle-${process.pid}`);
  try {
    await bundleInto(aside);
    const stamp = path.join(aside, path.basename(stampFile));
    await writeFile(stamp, '');
    await utimes(stamp, startedAt, startedAt);
    await rm(outDir, { recursive: true, force: true });
    await rename(aside, outDir);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function bundleInto(dir: string): Promise<void> {
  await build({
    configFile: path.join(root, 'vite.config.ts'),
    build: { outDir: path.join(dir, 'renderer') },
    logLevel: 'warn',
  });
  for (const config of [mainConfig(dir), preloadConfig(dir), workerConfig(dir), cliConfig(dir)]) {
    await build({ ...config, configFile: false, logLevel: 'warn' });
  }
}

/** The main process, an ES module. */
function mainConfig(out: string): InlineConfig {
  return nodeConfig('electron/main.ts', path.join(out, 'main'), 'es');
}

/** A sandboxed preload must be one CommonJS file (electronjs.org/docs/latest/tutorial/esm). */
function preloadConfig(out: string): InlineConfig {
  return nodeConfig('electron/preload.ts', path.join(out, 'preload'), 'cjs');
}

/** Threads of the main process; engine/layer/indexing looks for them beside `main`. */
function workerConfig(out: string): InlineConfig {
  return nodeConfig('electron/workers/index-layer.ts', path.join(out, 'workers'), 'es');
}

/** The command line of packages; in development it runs from its sources. */
function cliConfig(out: string): InlineConfig {
  return nodeConfig('electron/cli.ts', path.join(out, 'cli'), 'es');
}

function nodeConfig(entry: string, dir: string, format: 'es' | 'cjs'): InlineConfig {
  return {
    root,
    publicDir: false,
    ssr: { noExternal: true, external: ['electron', 'koffi'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir: dir,
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      license: { fileName: 'licenses.json' },
      rollupOptions: {
        input: path.join(root, entry),
        external,
        // Chunks stand beside their entry, so that all of them find the workers at the same relative place.
        output: {
          format,
          entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  };
}

if (process.argv[1] === import.meta.filename) await bundle();
