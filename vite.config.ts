import react from '@vitejs/plugin-react';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** For the day on which the surfaces are written side by side: one that is not there yet shows its name. */
function surfacesToCome(): Plugin {
  return {
    name: 'surfaces-to-come',
    enforce: 'pre',
    resolveId(source) {
      if (!/^\.\/features\/[\w-]+\/index\.tsx$/.test(source)) return null;
      return existsSync(path.join(import.meta.dirname, 'renderer', source)) ? null : `\0${source}`;
    },
    load: id =>
      id.startsWith('\0./features/')
        ? `export const Surface = () => ${JSON.stringify(id.slice(1))};`
        : null,
  };
}

/** The renderer. The bundles for Node are in electron/bundle.ts, which uses this file as well. */
export default defineConfig({
  root: `${import.meta.dirname}/renderer`,
  // Relative addresses, so that the same files work under app:// and under http://.
  base: './',
  publicDir: false,
  plugins: [surfacesToCome(), react()],
  worker: { format: 'es' },
  build: {
    emptyOutDir: true,
    target: 'chrome140',
    // Monaco is one lazily loaded chunk of some megabytes, on purpose.
    chunkSizeWarningLimit: 6000,
    // data: scripts and images as assets would widen the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
