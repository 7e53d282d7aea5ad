import { mkdir, rm } from 'node:fs/promises';
import type { StepReport } from '../../event-stream.ts';
import type { StepLayerRecord } from '../../cache/outcome.ts';
import type { Stubs } from './mounts/stubs.ts';
import type { Releases } from './releases.ts';
import type { OpenedScratch, RunContext } from './run-work.ts';
import { takeLayer } from './take-layer.ts';

/**
 * Takes the changes out of a scratch as a layer of the store. What was exported becomes the next layer on disk, too, so
 * that the RUN behind this one need not unpack it.
 */
export async function commit(
  { scratch, chain, claim, stubs }: OpenedScratch & { readonly stubs: Stubs },
  report: StepReport,
  context: RunContext & { readonly releases: Releases },
  signal?: AbortSignal,
): Promise<StepLayerRecord | undefined> {
  const { host, chains, releases } = context;
  const { exportDir } = claim.place;
  releases.add(
    'the exported layer',
    async () => await rm(exportDir, { recursive: true, force: true }),
  );
  await report.timed('diff', async () => {
    await mkdir(exportDir, { recursive: true });
    // With the filter on, the export would be of what the filter shows (moby, daemon/graphdriver/windows).
    await scratch.unprepare();
    await host.layers.exportLayer(scratch.dir, exportDir, chain.layerDirsNearestFirst);
    await stubs.removeFrom(exportDir);
  });
  const layer = await takeLayer(context.readExport(exportDir, signal), context, report, signal);
  if (!layer) {
    report.note('Changed no file, so it makes no layer.');
    return undefined;
  }
  const step = { stagedDir: exportDir, parentChainId: chain.chainId, diffId: layer.diffId };
  await report.timed('write', async () => await chains.adopt(step, signal ? { signal } : {}));
  return layer;
}
