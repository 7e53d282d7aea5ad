import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const licensesSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().nullish(),
    text: z.string().nullish(),
  }),
);
export type BundledPackage = z.infer<typeof licensesSchema>[number];

/** The file in which Vite says, beside each bundle, which packages went into it. */
export const licensesFile = 'licenses.json';

/** The packages in the bundles `parts` of `out`, each once, by name. */
export async function bundledPackages(
  productDir: string,
  parts: readonly string[],
): Promise<readonly BundledPackage[]> {
  const found = new Map<string, BundledPackage>();
  for (const part of parts) {
    const text = await readFile(path.join(productDir, 'out', part, licensesFile), 'utf8');
    for (const one of licensesSchema.parse(JSON.parse(text)))
      found.set(`${one.name}@${one.version}`, one);
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The licences of what is bundled, as a text to read. */
export function noticesOf(packages: readonly BundledPackage[]): string {
  const head = 'Layerwright contains the packages below, under their own licences.\n';
  const line = '-'.repeat(72);
  const parts = packages.map(({ name, version, identifier, text }) =>
    [
      line,
      `${name} ${version}${identifier ? ` (${identifier})` : ''}`,
      '',
      text?.trim() ?? '',
      '',
    ].join('\n'),
  );
  return [head, ...parts].join('\n');
}
