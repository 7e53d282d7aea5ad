import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const familySchema = z.strictObject({
  family: z.string(),
  title: z.string(),
  repository: z.string(),
  publisher: z.string(),
  sample: z.boolean(),
  purpose: z.string(),
  goodFor: z.array(z.string()),
  notFor: z.array(z.string()),
});
export type CatalogueFamily = z.infer<typeof familySchema>;

const catalogueSchema = z.strictObject({ families: z.array(familySchema) });

/** Reads the catalogue of base-image families, `resources/base-catalogue.json`. */
export async function readBaseCatalogue(file: string): Promise<readonly CatalogueFamily[]> {
  return catalogueSchema.parse(JSON.parse(await readFile(file, 'utf8'))).families;
}
