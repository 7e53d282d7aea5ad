import type { ImageLayer } from '../../../../../../shared/oci/layer-chain.ts';
import type { ChainProgress, LayerChain } from '../../../../hcs/chain/chain.ts';
import type { StepReport } from '../../../event-stream.ts';
import type { Releases } from '../releases.ts';
import type { OpenedScratch, RunContext, RunWork } from '../run-work.ts';
import type { HcsEngine } from '../support.ts';
import type { ScratchClaim } from './scratch-register.ts';

/** Brings the layers so far onto the disk, and opens a scratch over them; `releases` lets go of it. */
export async function openScratch(
  { input, place: { report } }: RunWork,
  context: RunContext & { readonly claim: ScratchClaim; readonly releases: Releases },
  signal?: AbortSignal,
): Promise<OpenedScratch> {
  const { claim, isolation, host, releases, request } = context;
  return await report.timed('mount', async () => {
    const chain = await layersOnDisk(input.layersBaseFirst, context, report, signal);
    const { scratchBytes } = request.run;
    const scratch = await host.scratches.open(
      claim.place.dir,
      chain.layerDirsNearestFirst,
      {
        activate: isolation === 'process',
        ...(scratchBytes === undefined ? {} : { sizeBytes: scratchBytes }),
      },
      signal,
    );
    releases.add('the scratch', async () => await scratch.release());
    return { claim, scratch, chain };
  });
}

/** Layers that are on disk already are used as they are. */
export async function layersOnDisk(
  layersBaseFirst: readonly ImageLayer[],
  { chains }: Pick<HcsEngine, 'chains'>,
  report: Pick<StepReport, 'progress'>,
  signal?: AbortSignal,
): Promise<LayerChain> {
  const onProgress = (progress: ChainProgress): void =>
    report.progress({
      phase: 'mount',
      current: progress.bytes,
      total: progress.totalBytes,
      unit: 'bytes',
      detail: `${progress.phase} of layer ${progress.layerIndex + 1} of ${progress.layerCount}`,
    });
  return await chains.materialize(layersBaseFirst, { onProgress, ...(signal ? { signal } : {}) });
}
