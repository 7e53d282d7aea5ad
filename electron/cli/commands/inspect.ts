import { readChain } from '../chain.ts';
import { chainLines } from '../chain-text.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { withState, withStore } from './store.ts';

export interface InspectFlags {
  readonly json?: boolean;
  readonly platform?: string;
}

/** `layerwright inspect`: the chain of an image, base first. */
export async function inspect(
  context: CommandContext,
  reference: string,
  { json = false, platform }: InspectFlags,
): Promise<number> {
  const { terminal, signal } = context;
  const chain = await withStore(context, async store =>
    withState(
      context,
      async state => await readChain(store, state, { reference, platform }, signal),
    ),
  );
  if (json) terminal.json(chain);
  else for (const line of chainLines(chain, terminal.view.columns)) terminal.line(line);
  return exitCodes.ok;
}
