import { z } from 'zod';

/** Where a shared cache is: under a name in a registry, or in a folder (absolute path). */
export const cachePlaceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('registry'), ref: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('local'), dir: z.string().min(1) }),
]);
export type CachePlace = z.output<typeof cachePlaceSchema>;

/** Where a cache is written: `min` has the steps of the image, `max` those of all stages that were built. */
export const cacheTargetSchema = z.strictObject({
  place: cachePlaceSchema,
  mode: z.enum(['min', 'max']).default('min'),
});
export type CacheTarget = z.output<typeof cacheTargetSchema>;

/** A place as people write it in options. */
export function showCachePlace(place: CachePlace): string {
  return place.type === 'registry'
    ? `type=registry,ref=${place.ref}`
    : `type=local,dir=${place.dir}`;
}
