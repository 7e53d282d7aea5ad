import type { Digest } from '../../../shared/oci/digest.ts';
import type { Image } from '../../../shared/oci/image.ts';
import { completeHistory } from '../../../shared/oci/layer-chain.ts';
import type { EnvInstruction } from './environment/config-source.ts';
import type { Instruction } from './waste/dockerfile-edit.ts';

/** An instruction of a Dockerfile; lines count from 0. */
interface RecordedStep {
  readonly keyword: string;
  readonly text: string;
  readonly line: number;
}

/** The build on record that made an image. */
export interface BuildRecord {
  /** The step that made each layer, by diff ID. */
  readonly stepOfLayer: ReadonlyMap<Digest, RecordedStep>;
  /** All steps in order, also those that made no layer. */
  readonly steps: readonly RecordedStep[];
}

/** What is known of an image besides its files. */
export interface ImageFacts {
  /** Layers below are those of a base; the number of layers where none is the user's own. */
  readonly firstOwnLayer: number;
  readonly packedSizes: readonly number[];
  readonly instructions: readonly Instruction[];
  readonly envInstructions: readonly EnvInstruction[];
}

/** Microsoft's base images have one layer with the release, and on it one for each update. */
const baseInstruction = /^(?:Apply image|Install update) /i;

/** Gathers the facts of an image; `build` is the build on record that made it, if there is one. */
export function imageFacts(image: Image, build?: BuildRecord): ImageFacts {
  const { config, layersBaseFirst } = image;
  const history = completeHistory(config.history, layersBaseFirst.length);
  let layerIndex = 0;
  const instructions = history.map(({ created_by = '', empty_layer }): Instruction => {
    if (empty_layer === true) return { text: created_by };
    const layer = layersBaseFirst[layerIndex];
    const step = layer && build?.stepOfLayer.get(layer.diffId);
    const made = { layerIndex: layerIndex++ };
    return step ? { ...made, text: step.text, line: step.line } : { ...made, text: created_by };
  });
  return {
    firstOwnLayer: firstOwnLayer(image, instructions, build),
    packedSizes: layersBaseFirst.map(({ descriptor }) => descriptor.size),
    instructions,
    envInstructions: (build?.steps ?? []).filter(({ keyword }) => keyword === 'ENV'),
  };
}

function firstOwnLayer(
  { layersBaseFirst }: Image,
  instructions: readonly Instruction[],
  build: BuildRecord | undefined,
): number {
  const recorded = layersBaseFirst.findIndex(({ diffId }) => build?.stepOfLayer.has(diffId));
  if (recorded >= 0) return recorded;
  const made = instructions.filter(each => each.layerIndex !== undefined);
  const first = made.findIndex(({ text }) => !baseInstruction.test(text));
  if (first < 0) return layersBaseFirst.length;
  // Without a history the lowest layer still is the base: nobody builds Windows from nothing.
  return Math.min(layersBaseFirst.length, Math.max(1, first));
}

/** Whether all layers are those of a base image of Microsoft's, or of a sample of one. */
export function isBaseImage(image: Image): boolean {
  const { firstOwnLayer: first, packedSizes } = imageFacts(image);
  return image.config.os === 'windows' && packedSizes.length > 0 && first === packedSizes.length;
}
