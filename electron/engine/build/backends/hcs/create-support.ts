import type { Host } from '../../../../../shared/windows/host-compatibility.ts';
import { decideIsolation, type HyperV } from '../../../../../shared/windows/isolation.ts';
import type { Store } from '../../../content/store.ts';
import { createChainStore } from '../../../hcs/chain/chain-store.ts';
import { readExport } from '../../../hcs/chain/read-export.ts';
import type { WindowsHost } from '../../../hcs/host.ts';
import { createLayerIndexes } from '../../../layer/layer-indexes.ts';
import type { HcsProblem, HcsSupport } from './support.ts';

/** What was found out about this machine (see hcs/capabilities). */
export interface SupportParts {
  readonly store: Store;
  readonly host: Host;
  readonly windows: WindowsHost;
  readonly problems: readonly HcsProblem[];
  readonly hyperV: HyperV;
}

/** What runs containers in the store of this machine. */
export function createHcsSupport(parts: SupportParts): HcsSupport {
  const { store, host, windows, problems, hyperV } = parts;
  return {
    problems: () => problems,
    isolation: (image, wanted) => decideIsolation(image, host, wanted, hyperV),
    open() {
      const indexes = createLayerIndexes(store.dir, store.blobs);
      return {
        host: windows,
        chains: createChainStore({ host: windows, store, indexes }),
        readExport: (stagedDir, signal) => readExport(stagedDir, windows.files, signal),
        codePage: windows.oemCodePage(),
      };
    },
  };
}
