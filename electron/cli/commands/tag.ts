import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { namedRow } from '../text/names.ts';
import { withStore } from './store.ts';

export interface TagFlags {
  readonly json?: boolean;
}

/** `layerwright tag`: gives an image of the store a further name. */
export async function tag(
  context: CommandContext,
  [source, target]: readonly [source: string, target: string],
  { json }: TagFlags,
): Promise<number> {
  const { signal, terminal } = context;
  const descriptor = await withStore(context, async store => {
    using _ = await store.lock.shared(signal);
    const found = await store.names.resolve(source);
    await store.names.set(target, found, signal);
    return found;
  });
  if (json === true) terminal.json(namedRow({ reference: target, descriptor }));
  return exitCodes.ok;
}
