/** One layer of the product: files whose path begins with one of `folders`, and what they may import. */
interface Layer {
  readonly name: string;
  /** Path prefixes; the longest one that fits decides. */
  readonly folders: readonly string[];
  /** Names of the layers that it may import, besides itself. */
  readonly layers: readonly string[];
  /** Packages and `node:` modules: a name, or a prefix that ends in `*`. */
  readonly packages: readonly string[];
}

const node = ['node:*'];

/** docs/architecture.md as an executable table, lowest layer first: each may import only layers above it here. */
export const layers: readonly Layer[] = [
  {
    name: 'shared/base',
    folders: [
      'shared/failure.ts',
      'shared/registry-failure.ts',
      'shared/source-range.ts',
      'shared/format-bytes.ts',
    ],
    layers: [],
    packages: [],
  },
  { name: 'shared/oci', folders: ['shared/oci/'], layers: ['shared/base'], packages: ['zod'] },
  {
    name: 'shared/windows',
    folders: ['shared/windows/'],
    layers: ['shared/base', 'shared/oci'],
    packages: [],
  },
  {
    name: 'shared/dockerfile',
    folders: ['shared/dockerfile/'],
    layers: ['shared/base', 'shared/oci', 'shared/windows'],
    packages: ['zod'],
  },
  {
    name: 'shared/ipc',
    folders: ['shared/ipc/'],
    layers: ['shared/base', 'shared/oci'],
    packages: ['zod'],
  },

  {
    name: 'engine/content',
    folders: ['electron/engine/content/'],
    layers: ['shared/base', 'shared/oci'],
    packages: node,
  },
  {
    name: 'engine/registry',
    folders: ['electron/engine/registry/'],
    layers: ['shared/base', 'shared/oci', 'shared/windows', 'engine/content'],
    packages: [...node, 'undici', 'zod'],
  },
  {
    name: 'engine/image',
    folders: ['electron/engine/image/'],
    layers: ['shared/base', 'shared/oci', 'shared/windows', 'engine/content', 'engine/layer'],
    packages: [...node, 'tar-stream', 'zod'],
  },
  {
    name: 'engine/hive',
    folders: ['electron/engine/hive/'],
    layers: ['shared/base', 'shared/windows'],
    packages: node,
  },
  {
    name: 'engine/layer',
    folders: ['electron/engine/layer/', 'electron/workers/'],
    layers: ['shared/base', 'shared/oci', 'shared/windows', 'engine/content'],
    packages: node,
  },
  {
    name: 'engine/inspect',
    folders: ['electron/engine/inspect/'],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/windows',
      'shared/ipc',
      'engine/content',
      'engine/image',
      'engine/layer',
      'engine/hive',
    ],
    packages: node,
  },
  {
    name: 'engine/sample',
    folders: ['electron/engine/sample/'],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/windows',
      'engine/content',
      'engine/image',
      'engine/layer',
      'engine/hive',
    ],
    packages: node,
  },
  {
    name: 'engine/build',
    folders: ['electron/engine/build/'],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/windows',
      'shared/dockerfile',
      'shared/ipc',
      'engine/content',
      'engine/registry',
      'engine/image',
      'engine/layer',
    ],
    packages: [...node, 'tar-stream', 'unbzip2-stream', 'xz-decompress', 'zod'],
  },
  {
    name: 'engine/catalogue',
    folders: ['electron/engine/catalogue/'],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/windows',
      'shared/ipc',
      'engine/content',
      'engine/image',
    ],
    packages: [...node, 'zod'],
  },
  {
    name: 'engine/state',
    folders: ['electron/engine/state/'],
    layers: ['shared/base', 'shared/oci', 'shared/ipc', 'engine/content'],
    packages: [...node, 'zod'],
  },

  {
    name: 'electron/ipc',
    folders: ['electron/ipc/'],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/windows',
      'shared/dockerfile',
      'shared/ipc',
      'engine/content',
      'engine/image',
      'engine/layer',
      'engine/inspect',
      'engine/sample',
      'engine/build',
      'engine/catalogue',
      'engine/state',
    ],
    packages: [...node, 'zod'],
  },
  {
    name: 'electron/preload',
    folders: ['electron/preload.ts'],
    layers: ['shared/ipc'],
    packages: ['electron'],
  },
  {
    name: 'electron/main',
    folders: ['electron/main.ts', 'electron/main/'],
    layers: ['shared/base', 'shared/ipc', 'engine/content', 'electron/ipc'],
    packages: [...node, 'electron', 'zod'],
  },
  {
    name: 'electron/serve',
    folders: ['electron/serve.ts', 'electron/serve/'],
    layers: ['shared/base', 'shared/ipc', 'engine/content', 'electron/ipc'],
    packages: [...node, 'ws', 'zod'],
  },
  {
    name: 'electron/cli',
    folders: ['electron/cli.ts', 'electron/cli/', 'electron/layerwright.mjs'],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/windows',
      'shared/dockerfile',
      'shared/ipc',
      'engine/content',
      'engine/image',
      'engine/layer',
      'engine/inspect',
      'engine/sample',
      'engine/build',
      'engine/catalogue',
      'engine/state',
      'electron/serve',
    ],
    packages: [...node, 'commander'],
  },
  {
    name: 'electron/start',
    folders: ['electron/start.ts', 'electron/start/', 'electron/bundle.ts'],
    layers: ['shared/base', 'electron/serve'],
    packages: [...node, 'vite', 'electron'],
  },

  {
    name: 'renderer/api',
    folders: ['renderer/api/'],
    layers: ['shared/base', 'shared/ipc'],
    packages: [],
  },
  {
    name: 'renderer/stores',
    folders: ['renderer/stores/'],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/windows',
      'shared/dockerfile',
      'shared/ipc',
      'renderer/api',
    ],
    packages: ['zustand*'],
  },
  {
    name: 'renderer/components',
    folders: ['renderer/components/', 'renderer/styles/'],
    layers: ['shared/base'],
    packages: ['react*', 'lucide-react', '@tanstack/react-virtual'],
  },
  ...['dockerfile-editor', 'base-browser', 'build-log', 'layer-chain', 'images', 'settings'].map(
    feature => ({
      name: `renderer/features/${feature}`,
      folders: [`renderer/features/${feature}/`],
      layers: [
        'shared/base',
        'shared/oci',
        'shared/windows',
        'shared/dockerfile',
        'shared/ipc',
        'renderer/api',
        'renderer/stores',
        'renderer/components',
        'renderer/app/context',
      ],
      packages: [
        'react*',
        'zustand*',
        'lucide-react',
        '@tanstack/react-virtual',
        'monaco-editor*',
        '@xyflow/react*',
        'd3-hierarchy',
        'dockerfile-language-service',
        'vscode-languageserver-types',
        'zod',
      ],
    }),
  ),
  {
    name: 'renderer/app/context',
    folders: [
      'renderer/app/context/',
      'renderer/app/context.tsx',
      'renderer/app/options.ts',
      'renderer/app/use-change-settings.ts',
    ],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/ipc',
      'renderer/api',
      'renderer/stores',
      'renderer/components',
    ],
    packages: ['react*', 'zustand*'],
  },
  {
    name: 'renderer/app',
    folders: ['renderer/main.tsx', 'renderer/app/'],
    layers: [
      'shared/base',
      'shared/oci',
      'shared/ipc',
      'renderer/api',
      'renderer/stores',
      'renderer/components',
      'renderer/app/context',
      ...[
        'dockerfile-editor',
        'base-browser',
        'build-log',
        'layer-chain',
        'images',
        'settings',
      ].map(f => `renderer/features/${f}`),
    ],
    packages: ['react*', 'zustand*', 'lucide-react', 'react-resizable-panels'],
  },
];
