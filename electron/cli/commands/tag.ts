import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withStore } from './store.ts';

/** `layerwright tag`: gives an image of the store a further name. */
export async function tag(
  context: CommandContext,
  source: string,
  target: string,
): Promise<number> {
  const { signal } = context;
  await withStore(context, async store => {
    using _ = await store.lock.shared(signal);
    await store.names.set(target, await store.names.resolve(source), signal);
  });
  return exitCodes.ok;
}
