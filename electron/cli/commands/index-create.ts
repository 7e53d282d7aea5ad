import { AppError } from '../../../shared/failure.ts';
import { formatPlatform } from '../../../shared/oci/platform.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { TransferFlags } from './pull.ts';
import { send } from './push.ts';
import { withRegistries } from './registries.ts';

export interface IndexFlags extends TransferFlags {
  readonly annotation?: readonly string[];
  readonly push?: boolean;
}

/** `layerwright index create`: puts images for several Windows versions under one name. */
export async function createIndex(
  context: CommandContext,
  name: string,
  images: readonly string[],
  flags: IndexFlags,
): Promise<number> {
  const { signal, terminal } = context;
  const annotations = annotationsOf(flags.annotation ?? []);
  return await withRegistries(context, flags, async connected => {
    const request = { name, images, annotations };
    const composed = await connected.transfers.composeIndex(request, { signal });
    if (flags.quiet !== true) {
      for (const { digest, platform } of composed.entries) {
        terminal.note(`${formatPlatform(platform)}  ${digest}`);
      }
      terminal.note(`made ${composed.name}`);
    }
    if (flags.push === true) return await send(context, connected, { image: name }, flags);
    terminal.line(composed.descriptor.digest);
    return exitCodes.ok;
  });
}

function annotationsOf(given: readonly string[]): Readonly<Record<string, string>> {
  const pairs = given.map(text => {
    const equals = text.indexOf('=');
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
    const problem = `"${text}" is not of the form name=value`;
    throw new AppError({ code: 'bad-request', field: '--annotation', problem });
  });
  return Object.fromEntries(pairs);
}
