import path from 'node:path';
import { isDigest } from '../../../shared/oci/digest.ts';
import { canonicalReference } from '../../../shared/oci/reference.ts';
import type { NamedImage } from '../../engine/content/image-names.ts';
import type { Store } from '../../engine/content/store.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { exportTo } from '../export.ts';
import type { Output } from '../output-option.ts';
import { namedRow } from '../text/names.ts';
import { withStore } from './store.ts';

export interface SaveFlags {
  readonly output: string;
  readonly format: Output['format'];
  readonly json?: boolean;
}

/** `layerwright save`: writes images to one archive or image layout. */
export async function save(
  context: CommandContext,
  references: readonly string[],
  { output, format, json }: SaveFlags,
): Promise<number> {
  const { cwd, signal, terminal } = context;
  const saved = await withStore(context, async store => {
    const named: NamedImage[] = [];
    for (const reference of references) named.push(await findNamed(store, reference));
    await exportTo(store, named, { format, dest: path.resolve(cwd, output) }, signal);
    return named.map(namedRow);
  });
  if (json === true) terminal.json({ output: path.resolve(cwd, output), format, images: saved });
  else terminal.note(`saved ${references.join(', ')} to ${output}`);
  return exitCodes.ok;
}

async function findNamed(store: Store, reference: string): Promise<NamedImage> {
  const descriptor = await store.names.resolve(reference);
  return isDigest(reference)
    ? { descriptor }
    : { reference: canonicalReference(reference), descriptor };
}
