import { z } from 'zod';
import {
  descriptorSchema,
  digestSchema,
  type Descriptor,
} from '../../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';

/** A layer that a step made. Sizes in bytes. */
export interface StepLayerRecord {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly uncompressedSize: number;
  /** How many files, folders and links it holds. */
  readonly files: number;
}

/** What a step made: a layer, or no change at all. */
export type StepOutcome = { readonly layer?: StepLayerRecord };

export const outcomeSchema = z.object({
  layer: z
    .object({
      descriptor: descriptorSchema,
      diffId: digestSchema,
      uncompressedSize: z.int().nonnegative(),
      files: z.int().nonnegative(),
    })
    .optional(),
});

/** zod's type has `undefined` where ours has nothing. */
export function outcomeOf({ layer }: z.output<typeof outcomeSchema>): StepOutcome {
  return layer ? { layer } : {};
}
