import { createLayerIndexes } from '../../engine/layer/layer-indexes.ts';
import { writeSampleImages } from '../../engine/sample/write-samples.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { counted } from '../text/units.ts';
import { withStore } from './store.ts';

/** `layerwright samples`: makes the sample base images that are not there yet. */
export async function samples(context: CommandContext): Promise<number> {
  const { terminal, signal } = context;
  const made = await withStore(
    context,
    async store =>
      await writeSampleImages(
        store,
        {
          onProgress: ({ reference }) => terminal.note(`making ${reference}`),
          indexes: createLayerIndexes(store.dir, store.blobs),
        },
        signal,
      ),
  );
  for (const reference of made) terminal.line(reference);
  if (made.length === 0) terminal.note('all sample images are there already');
  else terminal.note(`made ${counted(made.length, 'name')} of sample images`);
  return exitCodes.ok;
}
