/** Writes a layer of 256 MiB to a file store below argv[2], indexes it, and prints the peak of memory. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openStore } from '../../../../electron/engine/content/store.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { createLayerWriter } from '../../../../electron/engine/layer/layer-writer.ts';
import { pieces } from './support.ts';

const [, , folder = ''] = process.argv;
await using store = await openStore(join(folder, 'large'));
const writer = createLayerWriter({
  compression: 'gzip',
  level: 1,
  ingest: () => store.blobs.ingest(),
});
const common = { modified: 0n, attributes: 32 };
await writer.add({ ...common, kind: 'directory', path: 'Files' });
const noise = randomBytes(65_536);
const content = Buffer.alloc(1_048_576, noise).fill(0, 262_144);
for (let number = 0; number < 256; number++) {
  await writer.add(
    { ...common, kind: 'file', path: `Files/${number}`, size: content.length },
    pieces(content),
  );
  await writer.add({
    ...common,
    kind: 'hard-link',
    path: `Files/link${number}`,
    target: `Files/${number}`,
  });
}
const written = await writer.finish();
const index = await createLayerIndexes(join(folder, 'large'), store.blobs).get(written);
const peakMebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ entries: index.count, peakMebibytes }));
