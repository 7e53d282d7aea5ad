import { parseReference } from '../../../shared/oci/reference.ts';
import type { BaseImageSource } from '../image/base-image-source.ts';
import type { SampleStore } from './write-samples.ts';

/** The registry that the names of all sample images begin with; it does not exist. */
export const sampleRegistry = 'layerwright.local';

/** Gives what `stored` gives. Where that has no sample image, the samples are made first; `onMade` is told then. */
export function withSamples(
  stored: BaseImageSource,
  store: SampleStore,
  onMade: () => void,
): BaseImageSource {
  return {
    async provide(reference, wanted, signal) {
      const found = await stored.provide(reference, wanted, signal);
      if (found !== undefined || parseReference(reference).registry !== sampleRegistry) {
        return found;
      }
      const { writeSampleImages } = await import('./write-samples.ts');
      const made = await writeSampleImages(store, {}, signal);
      if (made.length > 0) onMade();
      return await stored.provide(reference, wanted, signal);
    },
  };
}
