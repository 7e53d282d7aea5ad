import type { Digest } from '../../../../shared/oci/digest.ts';
import type { Platform } from '../../../../shared/oci/descriptor.ts';
import type { ImageLayer } from '../../../../shared/oci/layer-chain.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import type { ImageFiles } from '../copy/image-files.ts';
import type { TimePolicy } from '../copy/layer-entries.ts';
import type { StepReport } from '../event-stream.ts';
import type { StepCacheStory } from '../../../../shared/ipc/step-cache.ts';
import type { StepLayerRecord } from '../cache/outcome.ts';
import type { StepSlot } from '../cache/step-cache.ts';

/** The image before a step. */
export interface StepInput {
  /** Of the layers so far; absent where there is none. */
  readonly chainId: Digest | undefined;
  readonly layersBaseFirst: readonly ImageLayer[];
  readonly platform: Platform;
  readonly files: ImageFiles;
  readonly times: TimePolicy;
}

/** What a step did to the files. */
export interface StepResult {
  readonly outcome: 'ran' | 'cached';
  readonly layer?: StepLayerRecord;
  /** Why it ran, or what it was taken from. */
  readonly story?: StepCacheStory;
  /** The entries of the layer where it was just written and only adds. */
  readonly entries?: readonly LayerEntry[];
}

/** Which step of the build it is, and where it tells about itself. */
export interface StepPlace {
  readonly stepId: string;
  /** The instruction as the author wrote it. */
  readonly text: string;
  readonly report: StepReport;
  /** What the cache knows about the step. */
  readonly cache: StepSlot;
}
