import path from 'node:path';
import { importImages } from '../../engine/image/import-images.ts';
import { createLayerIndexes } from '../../engine/layer/layer-indexes.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { namedRow } from '../text/names.ts';
import { withStore } from './store.ts';

export interface LoadFlags {
  readonly input: string;
  readonly json?: boolean;
}

/** `layerwright load`: brings images in from an archive or an image layout, and names them. */
export async function load(context: CommandContext, { input, json }: LoadFlags): Promise<number> {
  const { cwd, signal, terminal } = context;
  const loaded = await withStore(context, async store => {
    const tap = createLayerIndexes(store.dir, store.blobs);
    return await importImages(store, path.resolve(cwd, input), { signal, tap });
  });
  const rows = loaded.map(namedRow);
  if (json === true) terminal.json(rows);
  else for (const { reference, digest } of rows) terminal.line(`loaded ${reference ?? digest}`);
  return exitCodes.ok;
}
