import type { StageState } from '../../../shared/dockerfile/stage-state.ts';
import type { ImageConfig } from '../../../shared/oci/config.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { appendLayer, withConfig, type Image } from '../../../shared/oci/image.ts';
import { chainIds } from '../../../shared/oci/layer-chain.ts';
import { digestOf } from '../content/verified.ts';
import type { LayerEntry } from '../layer/entry.ts';
import type { ImageFiles } from './copy/image-files.ts';
import type { ImageTime } from './image-time.ts';
import { imageFiles, withEntries, type Trees } from './stage-files.ts';
import type { StepLayerRecord } from './cache/outcome.ts';

/** The image that a stage has become so far. */
export interface StageImage {
  readonly image: Image;
  readonly files: ImageFiles;
  readonly time: ImageTime;
}

/** How the history names what made an entry (BuildKit writes `buildkit.dockerfile.v0`). */
const historyComment = 'layerwright.dockerfile.v0';

/** What an instruction did. */
export interface InstructionResult {
  readonly createdBy: string;
  readonly state: StageState;
  readonly layer?: StepLayerRecord;
  readonly entries?: readonly LayerEntry[];
}

/** The image behind one more instruction: its config, its history entry, and its layer where it made one. */
export function afterInstruction(
  { image, files, time }: StageImage,
  result: InstructionResult,
  trees: Trees,
): StageImage {
  const { createdBy, state, layer, entries } = result;
  const history = { created: time.created, created_by: createdBy, comment: historyComment };
  const change = (config: ImageConfig): ImageConfig => ({
    ...config,
    created: time.created,
    ...(state.author === undefined ? {} : { author: state.author }),
    config: state.config,
  });
  if (!layer) return { image: withConfig(image, change, history), files, time };
  const { descriptor, diffId } = layer;
  const after = appendLayer(withConfig(image, change), { descriptor, diffId }, history);
  return {
    image: after,
    // A layer from the cache or of a RUN is read back, once somebody asks for a file.
    files: entries ? withEntries(files, entries) : imageFiles(after.layersBaseFirst, trees),
    time,
  };
}

/** The chain ID of all layers of an image; undefined where it has none. */
export function chainIdOf({ layersBaseFirst }: Image): Digest | undefined {
  return chainIds(
    layersBaseFirst.map(({ diffId }) => diffId),
    digestOf,
  ).at(-1);
}
