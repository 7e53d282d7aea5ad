import { z } from 'zod';

/** The file `oci-layout` of an image layout (image-spec image-layout.md). */
export const layoutSchema = z.looseObject({ imageLayoutVersion: z.string() });
