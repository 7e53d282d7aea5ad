import { parseReference } from '../../shared/oci/reference.ts';
import { storedBaseImages, type BaseImageSource } from '../engine/build/base-image.ts';
import type { Store } from '../engine/content/store.ts';
import { writeSampleImages } from '../engine/sample/write-samples.ts';

/** The registry that the names of all sample images begin with; it does not exist. */
const sampleRegistry = 'layerwright.local';

/** The base images of the store. The sample images are made when FROM first names one; `onMade` is told then. */
export function basesWithSamples(store: Store, onMade: () => void): BaseImageSource {
  const stored = storedBaseImages(store);
  return {
    async provide(reference, signal) {
      const found = await stored.provide(reference, signal);
      if (found !== undefined || parseReference(reference).registry !== sampleRegistry)
        return found;
      const made = await writeSampleImages(store, {}, signal);
      if (made.length > 0) onMade();
      return await stored.provide(reference, signal);
    },
  };
}
