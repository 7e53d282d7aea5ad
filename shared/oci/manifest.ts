import { z } from 'zod';
import { descriptorSchema } from './descriptor.ts';

/** Largest manifest, index or config we read, in bytes: what distribution-spec asks of registries ("Pushing Manifests"). */
export const documentLimit = 4 * 1024 * 1024;

/** Far above what any runtime can stack (moby stops at 127), low enough to keep hostile manifests cheap. */
export const layerLimit = 1024;

/** An image manifest (image-spec manifest.md); Docker's schema 2 has the same shape. Unknown fields are kept. */
export const manifestSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema).max(layerLimit),
  subject: descriptorSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** An image index (image-spec image-index.md) or Docker's manifest list. Unknown fields are kept. */
export const indexSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  manifests: z.array(descriptorSchema),
  subject: descriptorSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Index = z.infer<typeof indexSchema>;
