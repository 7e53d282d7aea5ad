import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { ImageLayer } from '../../../../../shared/oci/layer-chain.ts';
import { openStore, type Store } from '../../../../../electron/engine/content/store.ts';
import type { ChainStore } from '../../../../../electron/engine/hcs/chain/chain.ts';
import { createChainStore } from '../../../../../electron/engine/hcs/chain/chain-store.ts';
import type { WindowsHost } from '../../../../../electron/engine/hcs/host.ts';
import type { LayerIndexes } from '../../../../../electron/engine/layer/layer-indexes.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import type { Planned } from '../../layer/support.ts';
import { createFolderHost, type FolderHost } from './folder-host.ts';
import { indexesOf, storeTar, tarOf } from './stored-layers.ts';

/** A store with a chain store over plain folders. */
export interface Bench {
  readonly store: Store;
  readonly host: FolderHost;
  readonly chains: ChainStore;
  /** As that of the product: it knows a layer by its diff ID. */
  readonly indexes: Pick<LayerIndexes, 'get'>;
  /** A chain store of another process on the same store. */
  readonly open: (host: Pick<WindowsHost, 'files' | 'layers'>) => ChainStore;
  /** Puts a layer into the store, without the checks of the layer writer. */
  readonly layer: (planned: readonly Planned[]) => Promise<ImageLayer>;
  /** What lies in the folder of chains, without locks. */
  readonly folders: () => Promise<readonly string[]>;
  /** What this process has not put away. */
  readonly scratch: () => Promise<readonly string[]>;
}

export async function createBench(): Promise<Bench> {
  const store = await openStore(await tempDir());
  onTestFinished(async () => await store[Symbol.asyncDispose]());
  const host = createFolderHost();
  const indexes = indexesOf(store);
  const open: Bench['open'] = other => createChainStore({ host: other, store, indexes });
  return {
    store,
    host,
    indexes,
    open,
    chains: open(host),
    layer: planned => storeTar(store, tarOf(planned)),
    async folders() {
      const names = await readdir(path.join(store.dir, 'windows/chains')).catch(() => []);
      return names.filter(name => !name.endsWith('.lock')).toSorted();
    },
    async scratch() {
      const own = await readdir(path.join(store.dir, 'ingest'));
      const inside = await Promise.all(
        own.map(name => readdir(path.join(store.dir, 'ingest', name))),
      );
      return inside.flat().filter(name => !name.startsWith('lease'));
    },
  };
}
