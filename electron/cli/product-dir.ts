import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The folder with package.json, `resources` and `out`: above the sources as above a bundle. Throws where there is none. */
export function productDirAbove(file: string): string {
  for (let dir = path.dirname(file); dir !== path.dirname(dir); dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, 'package.json')) && existsSync(path.join(dir, 'resources')))
      return dir;
  }
  throw new Error(`no package.json with resources above ${file}`);
}

/** What its package.json says. */
export async function productVersion(productDir: string): Promise<string> {
  const manifest = await readFile(path.join(productDir, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { readonly version: string };
  return version;
}
