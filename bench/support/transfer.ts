/** One transfer in a process of its own: `node transfer.ts pull|push <store> <reference>`. Prints what was moved. */
import { openStore } from '../../electron/engine/content/store.ts';
import { createLayerIndexes } from '../../electron/engine/layer/layer-indexes.ts';
import { createRegistryClient } from '../../electron/engine/registry/client.ts';
import { createTransfers } from '../../electron/engine/transfer/create-transfers.ts';

const [verb, dir = '', reference = ''] = process.argv.slice(2);
await using store = await openStore(dir);
await using client = createRegistryClient({ environment: {} });
const indexes = createLayerIndexes(dir, store.blobs);
const transfers = createTransfers({ client, store, indexes });
if (verb === 'push') {
  const { sentBytes } = await transfers.push({ image: 'bench:1', target: reference });
  console.log(JSON.stringify({ bytes: sentBytes }));
} else {
  const { fetchedBytes } = await transfers.pull(reference, {
    choice: { kind: 'host', host: { kind: 'other', os: 'Linux' }, architecture: 'amd64' },
  });
  console.log(JSON.stringify({ bytes: fetchedBytes }));
}
