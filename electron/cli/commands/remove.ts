import { previewRemoval, type Removal, type StoredBlob } from '../../engine/content/garbage.ts';
import { removeImageWithDerived } from '../../engine/image/remove-image.ts';
import { cachedBlobs } from '../../engine/storage/cache-holdings.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { namedRow } from '../text/names.ts';
import { counted, formatBytes } from '../text/units.ts';
import { withStore } from './store.ts';

export interface RemoveFlags {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `layerwright rm`: removes names, and frees what nothing needs any more. */
export async function remove(
  context: CommandContext,
  references: readonly string[],
  { dryRun = false, json = false }: RemoveFlags,
): Promise<number> {
  const { terminal, signal } = context;
  const removals: Removal[] = [];
  await withStore(context, async store => {
    const cached = await cachedBlobs(store);
    for (const reference of references) {
      const removal = dryRun
        ? await previewRemoval(store, reference, cached, signal)
        : await removeImageWithDerived(store, reference, cached, signal);
      removals.push(removal);
      if (!json) tell(terminal, removal, dryRun);
    }
  });
  if (json) terminal.json({ dryRun, ...sumOf(removals) });
  return exitCodes.ok;
}

function tell(terminal: Terminal, { removed, freed, left }: Removal, dryRun: boolean): void {
  for (const { reference, digest } of removed.map(namedRow)) {
    terminal.line(`${dryRun ? 'would remove' : 'removed'} ${reference ?? digest}`);
  }
  terminal.note(`${dryRun ? 'would free' : 'freed'} ${amount(freed)}`);
  if (left.length > 0) terminal.note(`${amount(left)} stay until the store is no longer in use`);
}

/** As `--json` gives it: `leftBytes` stay until the store is no longer in use. */
function sumOf(removals: readonly Removal[]) {
  return {
    removed: removals.flatMap(({ removed }) => removed.map(namedRow)),
    freedBytes: bytesOf(removals.flatMap(({ freed }) => freed)),
    leftBytes: bytesOf(removals.flatMap(({ left }) => left)),
  };
}

function bytesOf(blobs: readonly StoredBlob[]): number {
  return blobs.reduce((sum, blob) => sum + blob.size, 0);
}

function amount(blobs: readonly StoredBlob[]): string {
  return `${formatBytes(bytesOf(blobs))} (${counted(blobs.length, 'blob')})`;
}
