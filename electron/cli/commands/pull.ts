import { arch } from 'node:os';
import { parsePlatform } from '../../../shared/oci/platform.ts';
import type { ConnectionFlags } from '../../engine/remote/connection-settings.ts';
import type { ForeignPull, ImageChoice, PullResult } from '../../engine/transfer/transfers.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import { showTransfer } from '../progress/transfer-progress.ts';
import { shownReference } from '../../../shared/oci/reference.ts';
import { counted, formatBytes } from '../text/units.ts';
import { withRegistries } from './registries.ts';

export interface TransferFlags extends ConnectionFlags {
  readonly progress: 'auto' | 'plain' | 'json';
  readonly quiet?: boolean;
}

export interface PullFlags extends TransferFlags {
  readonly platform?: string;
  readonly allPlatforms?: boolean;
  readonly foreign: ForeignPull;
}

/** `layerwright pull`: brings images from registries into the store. */
export async function pull(
  context: CommandContext,
  references: readonly string[],
  flags: PullFlags,
): Promise<number> {
  const { signal, terminal } = context;
  const kind = flags.quiet === true ? 'quiet' : flags.progress;
  const choice = choiceOf(flags);
  return await withRegistries(context, flags, async ({ transfers }) => {
    for (const reference of references) {
      const shown = showTransfer(kind, `Pulling ${reference}`, terminal);
      const { foreign } = flags;
      const pulling = transfers.pull(reference, { choice, foreign, onEvent: shown.show, signal });
      const result = await pulling.finally(() => shown.end());
      if (flags.quiet === true) terminal.line(result.descriptor.digest);
      else for (const line of summaryOf(result)) terminal.note(line);
    }
    return exitCodes.ok;
  });
}

/** Which images of an index the flags ask for. */
function choiceOf({
  allPlatforms = false,
  platform,
}: Pick<PullFlags, 'allPlatforms' | 'platform'>): ImageChoice {
  const host = thisHost();
  if (allPlatforms) return { kind: 'all' };
  if (platform !== undefined) return { kind: 'platform', platform: parsePlatform(platform), host };
  return { kind: 'host', host, architecture: arch() === 'x64' ? 'amd64' : arch() };
}

function summaryOf(result: PullResult): readonly string[] {
  const { descriptor, fetchedBytes, images, skipped, upToDate } = result;
  const reference = shownReference(result.reference);
  const what = images.map(({ platform }) => platform).join(', ');
  return [
    upToDate
      ? `${reference} is up to date: ${descriptor.digest}`
      : `pulled ${reference} ${descriptor.digest}, ${formatBytes(fetchedBytes)} fetched`,
    `for ${what}`,
    ...(skipped.length === 0
      ? []
      : [
          `left out ${counted(skipped.length, 'foreign layer')}; pull again with --foreign urls to get them`,
        ]),
  ];
}
