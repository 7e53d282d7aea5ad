import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { parseReference } from '../../../shared/oci/reference.ts';
import { writeSampleImages, type SampleStore } from './write-samples.ts';

/** The registry that the names of all sample images begin with; it does not exist. */
const sampleRegistry = 'layerwright.local';

/** Gives images by reference, such as the bases that FROM names. */
export interface ImageProvider {
  provide(reference: string, signal?: AbortSignal): Promise<Descriptor | undefined>;
}

/** Gives what `stored` gives. Where that has no sample image, the samples are made first; `onMade` is told then. */
export function withSamples(
  stored: ImageProvider,
  store: SampleStore,
  onMade: () => void,
): ImageProvider {
  return {
    async provide(reference, signal) {
      const found = await stored.provide(reference, signal);
      if (found !== undefined || parseReference(reference).registry !== sampleRegistry) {
        return found;
      }
      const made = await writeSampleImages(store, {}, signal);
      if (made.length > 0) onMade();
      return await stored.provide(reference, signal);
    },
  };
}
