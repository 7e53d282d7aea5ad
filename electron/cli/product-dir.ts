import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder with package.json, `resources` and `out`: above the sources as above a bundle. Throws where there is none. */
export function productDirAbove(file: string): string {
  for (let dir = path.dirname(file); dir !== path.dirname(dir); dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, 'package.json')) && existsSync(path.join(dir, 'resources')))
      return dir;
  }
  throw new Error(`no package.json with resources above ${file}`);
}
