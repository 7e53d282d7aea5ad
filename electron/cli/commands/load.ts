import path from 'node:path';
import { importImages } from '../../engine/image/import-images.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withStore } from './store.ts';

export interface LoadFlags {
  readonly input: string;
}

/** `layerwright load`: brings images in from an archive or an image layout, and names them. */
export async function load(context: CommandContext, { input }: LoadFlags): Promise<number> {
  const { cwd, signal, terminal } = context;
  const loaded = await withStore(
    context,
    async store => await importImages(store, path.resolve(cwd, input), { signal }),
  );
  for (const { reference, descriptor } of loaded) {
    terminal.line(`loaded ${reference ?? descriptor.digest}`);
  }
  return exitCodes.ok;
}
