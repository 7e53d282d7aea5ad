import { z } from 'zod';
import { isDigest, type Digest } from './digest.ts';

export const digestSchema = z.custom<Digest>(
  value => typeof value === 'string' && isDigest(value),
  'expected a digest sha256:<64 hex digits>',
);

/** `platform` of a descriptor in an index (image-spec, "OCI Image Index"). */
const platformSchema = z.looseObject({
  architecture: z.string(),
  os: z.string(),
  'os.version': z.string().optional(),
  'os.features': z.array(z.string()).optional(),
  variant: z.string().optional(),
});
export type Platform = z.infer<typeof platformSchema>;

/** Names a blob by media type, digest and size in bytes (image-spec, "OCI Content Descriptors"). */
export const descriptorSchema = z.looseObject({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.int().nonnegative(),
  urls: z.array(z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  platform: platformSchema.optional(),
  artifactType: z.string().optional(),
});
export type Descriptor = z.infer<typeof descriptorSchema>;
