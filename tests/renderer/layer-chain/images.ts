import { createHash } from 'node:crypto';
import type { ChainImage } from '../../../renderer/features/layer-chain/chain-layout.ts';
import type { ChainLayerView, ChainLinkView } from '../../../shared/ipc/image-views.ts';
import { sha256Digest } from '../../../shared/oci/digest.ts';

/** The digest that stands for a name. */
export function digestOf(name: string) {
  return sha256Digest(createHash('sha256').update(name).digest('hex'));
}

/** A layer whose chainId is named after all layers up to it. */
function layer(
  chain: string,
  layerIndex: number,
  part: Partial<ChainLayerView> = {},
): ChainLayerView {
  return {
    layerIndex,
    digest: digestOf(chain),
    diffId: digestOf(chain),
    chainId: digestOf(chain),
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    compressedSize: 1024,
    origin: layerIndex === 0 ? 'base' : 'yours',
    sharedWith: [],
    missing: false,
    ...part,
  };
}

/** An image from a text such as `a b . c`: letters are layers, a dot is a metadata instruction. */
export function imageOf(reference: string, steps: string): ChainImage {
  let chain = '';
  let layerIndex = 0;
  const links = steps.split(' ').map((step, position): ChainLinkView => {
    if (step === '.') return { position, createdBy: `ENV POSITION=${position}` };
    chain += step;
    return { position, createdBy: `COPY ${step} .`, layer: layer(chain, layerIndex++) };
  });
  return { reference, links };
}
