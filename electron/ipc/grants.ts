import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/failure.ts';

/** The paths that the user has opened: nothing else on the disk is reachable through a request. */
export interface Grants {
  /** Allows a file, or a folder and what is below it. */
  grant(fileOrDir: string): Promise<void>;
  allows(file: string): Promise<boolean>;
  /** Gives the real path (links resolved). Throws `path-refused` where it was not granted. */
  check(file: string): Promise<string>;
}

export function createGrants(): Grants {
  const granted = new Set<string>();

  async function allowedPath(file: string): Promise<string | undefined> {
    if (!path.isAbsolute(file) || file.includes('\0')) return undefined;
    const real = await realPathOf(file);
    const allowed = granted.values().some(root => isInside(root, real));
    return allowed ? real : undefined;
  }

  return {
    grant: async file => void granted.add(await realPathOf(path.resolve(file))),
    allows: async file => (await allowedPath(file)) !== undefined,
    async check(file) {
      const real = await allowedPath(file);
      if (real === undefined) {
        throw new AppError({ code: 'path-refused', path: file, allowed: [...granted].slice(0, 5) });
      }
      return real;
    },
  };
}

/** Both paths are absolute and without dot segments. */
export function isInside(dir: string, file: string): boolean {
  const relative = path.relative(dir, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Resolves links. What does not exist yet is resolved as far as it exists. */
async function realPathOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    const parent = path.dirname(file);
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing || parent === file) return path.resolve(file);
    return path.join(await realPathOf(parent), path.basename(file));
  }
}
