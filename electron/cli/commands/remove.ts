import { previewRemoval, removeImage, type StoredBlob } from '../../engine/content/garbage.ts';
import { cachedBlobs } from '../../engine/storage/cache-holdings.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { counted, formatBytes } from '../text/units.ts';
import { withStore } from './store.ts';

export interface RemoveFlags {
  readonly dryRun?: boolean;
}

/** `layerwright rm`: removes names, and frees what nothing needs any more. */
export async function remove(
  context: CommandContext,
  references: readonly string[],
  { dryRun = false }: RemoveFlags,
): Promise<number> {
  const { terminal, signal } = context;
  await withStore(context, async store => {
    const cached = await cachedBlobs(store);
    for (const reference of references) {
      const { removed, freed, left } = dryRun
        ? await previewRemoval(store, reference, cached, signal)
        : await removeImage(store, reference, cached, signal);
      for (const image of removed) {
        const name = image.reference ?? image.descriptor.digest;
        terminal.line(`${dryRun ? 'would remove' : 'removed'} ${name}`);
      }
      terminal.note(`${dryRun ? 'would free' : 'freed'} ${amount(freed)}`);
      if (left.length > 0) {
        terminal.note(`${amount(left)} stay until the store is no longer in use`);
      }
    }
  });
  return exitCodes.ok;
}

function amount(blobs: readonly StoredBlob[]): string {
  const bytes = blobs.reduce((sum, blob) => sum + blob.size, 0);
  return `${formatBytes(bytes)} (${counted(blobs.length, 'blob')})`;
}
