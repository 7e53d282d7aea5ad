import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  createIgnoreMatcher,
  parseDockerignore,
  type IgnoreMatcher,
} from '../../../shared/dockerfile/dockerignore.ts';
import { BadPatternError } from '../../../shared/dockerfile/glob.ts';
import { AppError } from '../../../shared/failure.ts';
import { createFolderTree } from './sources/folder-tree.ts';
import { isErrno } from './sources/host-file.ts';
import type { SourceTree } from './sources/source-tree.ts';
import { openStatCache, type StatCache } from './sources/stat-cache.ts';

/** A folder that files are copied from, and what is remembered about it. */
export interface Context {
  readonly tree: SourceTree;
  readonly statCache: StatCache;
}

export interface ContextOptions {
  /** Absolute. */
  readonly dir: string;
  readonly label: string;
  /** Absolute path of the Dockerfile, for the context that it belongs to: `<Dockerfile>.dockerignore` then counts first. */
  readonly dockerfile?: string;
  /** A folder of the store. */
  readonly statCacheDir: string;
}

const backslash = path.sep === '\\' ? 'separator' : 'escape';

/**
 * Opens a build context with its `.dockerignore`. Fails with `file-system` if it is no folder that can be read, and
 * with `pattern-invalid`.
 */
export async function openContext({
  dir,
  label,
  dockerfile,
  statCacheDir,
}: ContextOptions): Promise<Context> {
  await checkFolder(dir);
  const ignore = await readIgnore(dir, dockerfile);
  const statCache = await openStatCache(statCacheDir, dir);
  const tree = createFolderTree({
    rootDir: dir,
    label,
    hasher: statCache,
    ...(ignore ? { ignore } : {}),
  });
  return { tree, statCache };
}

async function checkFolder(dir: string): Promise<void> {
  const errno = await stat(dir).then(
    stats => (stats.isDirectory() ? undefined : 'ENOTDIR'),
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'EIO'),
  );
  if (errno !== undefined) {
    throw new AppError({
      code: 'file-system',
      path: dir,
      operation: 'open the build context',
      errno,
    });
  }
}

/** The `.dockerignore` that counts for a context; undefined where there is none. Throws `file-system`, `pattern-invalid`. */
export async function readIgnore(
  dir: string,
  dockerfile: string | undefined,
): Promise<IgnoreMatcher | undefined> {
  const candidates = [
    ...(dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`]),
    path.join(dir, '.dockerignore'),
  ];
  for (const file of candidates) {
    const text = await readIfThere(file);
    if (text !== undefined) return matcherOf(file, text);
  }
  return undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    throw new AppError(
      { code: 'file-system', path: file, operation: 'read', errno },
      { cause: error },
    );
  }
}

function matcherOf(file: string, text: string): IgnoreMatcher {
  try {
    return createIgnoreMatcher(parseDockerignore(text, backslash), backslash);
  } catch (error) {
    if (!(error instanceof BadPatternError)) throw error;
    throw new AppError(
      { code: 'pattern-invalid', pattern: error.pattern, file: path.basename(file) },
      { cause: error },
    );
  }
}
