import { readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type InlineConfig, type Plugin } from 'vite';

const root = path.resolve(import.meta.dirname, '..');
const outDir = path.join(root, 'out');

/** Stay outside of the bundles: Electron itself, and koffi, which loads its own native module. */
const external = [/^node:/, 'electron', 'koffi'];

/** Tells when the bundles were made; its time is the one at which the sources were read. */
export const stampFile = path.join(outDir, 'bundled');

/** Builds everything that `npm start` and the packages run. `out/` is the old one or the new one, never a mixture. */
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
  for (const config of [mainConfig(dir), preloadConfig(dir), ...(await workersConfigs(dir))]) {
    await build({ ...config, configFile: false, logLevel: 'warn' });
  }
}

/** The main process, an ES module. */
function mainConfig(out: string): InlineConfig {
  return nodeConfig(path.join(out, 'main'), { main: path.join(root, 'electron/main.ts') }, 'es');
}

/** A sandboxed preload must be one CommonJS file (electronjs.org/docs/latest/tutorial/esm). */
function preloadConfig(out: string): InlineConfig {
  return nodeConfig(
    path.join(out, 'preload'),
    { preload: path.join(root, 'electron/preload.ts') },
    'cjs',
  );
}

/** Entry points of worker threads. */
async function workersConfigs(out: string): Promise<InlineConfig[]> {
  const dir = path.join(root, 'electron/workers');
  const files = (await readdir(dir)).filter(file => file.endsWith('.ts'));
  const entries = files.map(file => [path.parse(file).name, path.join(dir, file)]);
  return files.length === 0
    ? []
    : [nodeConfig(path.join(out, 'workers'), Object.fromEntries(entries), 'es')];
}

function nodeConfig(
  dir: string,
  entries: Record<string, string>,
  format: 'es' | 'cjs',
): InlineConfig {
  return {
    root,
    publicDir: false,
    plugins: [workerAddresses()],
    ssr: { noExternal: true, external: ['electron', 'koffi'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir: dir,
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      rollupOptions: {
        input: entries,
        external,
        output: {
          format,
          entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  };
}

/** Sources name a worker by its source file, `new URL('../workers/hash.ts', import.meta.url)`; bundles by the bundle. */
function workerAddresses(): Plugin {
  const address =
    /new URL\(\s*'(?:\.\.?\/)+workers\/([\w-]+)\.ts'\s*,\s*import\.meta\.url\s*,?\s*\)/g;
  return {
    name: 'layerwright-worker-addresses',
    enforce: 'pre',
    transform(code) {
      if (!code.includes('workers/')) return null;
      return code.replace(address, "new URL('../workers/$1.js', import.meta.url)");
    },
  };
}

if (process.argv[1] === import.meta.filename) await bundle();
