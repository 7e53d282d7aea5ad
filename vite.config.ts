import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The renderer. The bundles for Node are in electron/bundle.ts, which uses this file as well. */
export default defineConfig({
  root: `${import.meta.dirname}/renderer`,
  // Relative addresses, so that the same files work under app:// and under http://.
  base: './',
  publicDir: false,
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    emptyOutDir: true,
    target: 'chrome140',
    // Monaco is one lazily loaded chunk of some megabytes, on purpose.
    chunkSizeWarningLimit: 6000,
    // data: scripts and images as assets would widen the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Which packages are in the bundle: for the bill of materials and the notices of a package.
    license: { fileName: 'licenses.json' },
  },
});
