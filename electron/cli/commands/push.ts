import { isForeign } from '../../../shared/oci/media-types.ts';
import { parsePlatform } from '../../../shared/oci/platform.ts';
import type {
  ForeignPush,
  PlannedUpload,
  PushPlan,
  PushRequest,
} from '../../engine/transfer/transfers.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { showTransfer } from '../progress/transfer-progress.ts';
import { shownReference } from '../../../shared/oci/reference.ts';
import { table, type Column } from '../text/table.ts';
import { formatBytes, shortDigest } from '../text/units.ts';
import type { TransferFlags } from './pull.ts';
import { withRegistries, type Connected } from './registries.ts';

export interface PushFlags extends TransferFlags {
  readonly platform?: string;
  readonly foreign: ForeignPush;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `layerwright push`: sends an image of the store to a registry, or only says what it would send. */
export async function push(
  context: CommandContext,
  image: string,
  target: string | undefined,
  flags: PushFlags,
): Promise<number> {
  const { foreign, platform } = flags;
  const request: PushRequest = {
    image,
    foreign,
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform: parsePlatform(platform) }),
  };
  return await withRegistries(context, flags, async connected => {
    if (flags.dryRun !== true) return await send(context, connected, request, flags);
    const plan = await connected.transfers.planPush(request, { signal: context.signal });
    if (flags.json === true) context.terminal.json(plan);
    else for (const line of planLines(plan)) context.terminal.line(line);
    return exitCodes.ok;
  });
}

/** Pushes with progress and tells what it came to. */
export async function send(
  { signal, terminal }: CommandContext,
  { transfers }: Connected,
  request: PushRequest,
  { progress, quiet = false }: TransferFlags,
): Promise<number> {
  const title = `Pushing ${request.target ?? request.image}`;
  const shown = showTransfer(quiet ? 'quiet' : progress, title, terminal);
  const { descriptor, sentBytes, target } = await transfers
    .push(request, { onEvent: shown.show, signal })
    .finally(() => shown.end());
  if (quiet) terminal.line(descriptor.digest);
  else
    terminal.note(
      `pushed ${shownReference(target)} ${descriptor.digest}, ${formatBytes(sentBytes)} sent`,
    );
  return exitCodes.ok;
}

function planLines(plan: PushPlan): readonly string[] {
  const { blobs, descriptor, manifests, notes, replaces, target, uploadBytes } = plan;
  const tag =
    replaces === undefined
      ? 'which is new there'
      : replaces === descriptor.digest
        ? 'which names it already'
        : `which names ${replaces} now`;
  return [
    `${shownReference(target)} would become ${descriptor.digest}, ${tag}`,
    '',
    ...table(columns, [...blobs, ...manifests]),
    '',
    `${formatBytes(uploadBytes)} would be sent`,
    ...notes.map(note => `note: ${note}`),
  ];
}

const columns: readonly Column<PlannedUpload>[] = [
  { title: 'DIGEST', cell: ({ descriptor }) => shortDigest(descriptor.digest) },
  { title: 'SIZE', side: 'right', cell: ({ descriptor }) => formatBytes(descriptor.size) },
  { title: 'WHAT HAPPENS', cell: actionText },
];

function actionText({ action, descriptor, from }: PlannedUpload): string {
  switch (action) {
    case 'present':
      return 'is there already';
    case 'mount':
      return `mounted from ${from ?? 'another repository'}`;
    case 'upload':
      return isForeign(descriptor.mediaType) ? 'sent (foreign layer)' : 'sent';
    case 'skip-foreign':
      return 'left to its urls (foreign layer)';
  }
}
