import path from 'node:path';
import type { BundledImage, BundleReport } from '../../engine/transfer/transfers.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { showTransfer } from '../progress/transfer-progress.ts';
import { counted, formatBytes, shortDigest } from '../text/units.ts';
import type { TransferFlags } from './pull.ts';
import { shownReference } from '../../../shared/oci/reference.ts';
import { withRegistries } from './registries.ts';

interface BundleFlags extends TransferFlags {
  readonly json?: boolean;
}

export interface BundleCreateFlags extends BundleFlags {
  readonly output: string;
  readonly foreign: 'fetch' | 'skip';
}

/** `layerwright bundle create`: images with everything that belongs to them, in one archive. */
export async function createBundle(
  context: CommandContext,
  images: readonly string[],
  flags: BundleCreateFlags,
): Promise<number> {
  const { cwd, signal } = context;
  const file = path.resolve(cwd, flags.output);
  return await withRegistries(context, flags, async ({ transfers }) => {
    const report = await shown(context, `Writing ${flags.output}`, flags, async onEvent =>
      transfers.exportBundle(images, file, { foreign: flags.foreign, onEvent, signal }),
    );
    return tell(context, report, flags);
  });
}

/** `layerwright bundle import`: checks every blob of a bundle and brings in what is whole. */
export async function importBundle(
  context: CommandContext,
  file: string,
  flags: BundleFlags,
): Promise<number> {
  const { cwd, signal } = context;
  return await withRegistries(context, flags, async ({ transfers }) => {
    const report = await shown(context, `Importing ${file}`, flags, async onEvent =>
      transfers.importBundle(path.resolve(cwd, file), { onEvent, signal }),
    );
    return tell(context, report, flags);
  });
}

async function shown(
  { terminal }: CommandContext,
  title: string,
  { progress, quiet = false }: BundleFlags,
  work: (onEvent: ReturnType<typeof showTransfer>['show']) => Promise<BundleReport>,
): Promise<BundleReport> {
  const view = showTransfer(quiet ? 'quiet' : progress, title, terminal);
  return await work(view.show).finally(() => view.end());
}

/** An image that is not whole was not brought in: that is a failure, whatever else went well. */
function tell(
  { terminal }: CommandContext,
  report: BundleReport,
  { json = false }: BundleFlags,
): number {
  if (json) terminal.json(report);
  else for (const line of reportLines(report)) terminal.line(line);
  const isWhole = report.images.every(({ state }) => state !== 'incomplete');
  return isWhole ? exitCodes.ok : exitCodes.failed;
}

function reportLines({ blobs, bytes, images, path: file }: BundleReport): readonly string[] {
  return [
    `${file}: ${counted(blobs, 'blob')}, ${formatBytes(bytes)}, all hashed`,
    ...images.flatMap(imageLines),
  ];
}

const states = {
  complete: 'complete',
  'complete-but-foreign': 'complete but for foreign layers, which are left to their urls',
  incomplete: 'INCOMPLETE, not brought in',
} as const;

function imageLines(image: BundledImage): readonly string[] {
  const { damaged, descriptor, foreignMissing, missing, platforms, reference, state } = image;
  const list = (what: string, blobs: BundledImage['missing']) =>
    blobs.map(({ digest, size }) => `    ${what} ${shortDigest(digest)} ${formatBytes(size)}`);
  return [
    `  ${reference === undefined ? descriptor.digest : shownReference(reference)} (${platforms.join(', ')}): ${states[state]}`,
    ...list('damaged', damaged),
    ...list('missing', missing),
    ...list('foreign, not included', foreignMissing),
  ];
}
