import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build, type InlineConfig, type Plugin } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/** Stay outside of the bundles: Electron itself, and koffi, which loads its own native module. */
const external = [/^node:/, 'electron', 'koffi'];

/** Builds everything that `npm start` and the packages run, from sources to `out/`. */
export async function bundle(): Promise<void> {
  await rm(path.join(root, 'out'), { recursive: true, force: true });
  await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' });
  for (const config of [mainConfig(), preloadConfig(), ...(await workersConfigs())]) {
    await build({ ...config, configFile: false, logLevel: 'warn' });
  }
}

/** The main process, an ES module. */
function mainConfig(): InlineConfig {
  return nodeConfig('main', { main: path.join(root, 'electron/main.ts') }, 'es');
}

/** A sandboxed preload must be one CommonJS file (electronjs.org/docs/latest/tutorial/esm). */
function preloadConfig(): InlineConfig {
  return nodeConfig('preload', { preload: path.join(root, 'electron/preload.ts') }, 'cjs');
}

/** Entry points of worker threads. */
async function workersConfigs(): Promise<InlineConfig[]> {
  const dir = path.join(root, 'electron/workers');
  const files = (await readdir(dir)).filter(file => file.endsWith('.ts'));
  const entries = files.map(file => [path.parse(file).name, path.join(dir, file)]);
  return files.length === 0 ? [] : [nodeConfig('workers', Object.fromEntries(entries), 'es')];
}

function nodeConfig(
  folder: string,
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
      outDir: path.join(root, 'out', folder),
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
