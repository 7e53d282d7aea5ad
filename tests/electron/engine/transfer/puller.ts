// A process of its own that pulls; see pull.test.ts.
import { openStore } from '../../../../electron/engine/content/store.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { createRegistryClient } from '../../../../electron/engine/registry/client.ts';
import { createTransfers } from '../../../../electron/engine/transfer/create-transfers.ts';

const [dir = '', reference = ''] = process.argv.slice(2);
const store = await openStore(dir);
const client = createRegistryClient({ environment: {} });
const indexes = createLayerIndexes(dir, store.blobs);
const transfers = createTransfers({ client, store, indexes });
await transfers.pull(reference, {
  choice: { kind: 'host', host: { kind: 'other', os: 'Linux' }, architecture: 'amd64' },
  onEvent(event) {
    // More than one piece of 1 MiB is on the disk then.
    if (event.kind === 'blob' && event.current > 2_300_000) process.send?.('downloading');
  },
});
