import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createIgnoreMatcher,
  parseDockerignore,
} from '../../../../shared/dockerfile/dockerignore.ts';
import { createFolderTree } from '../../../../electron/engine/build/sources/folder-tree.ts';
import { hashHostFile } from '../../../../electron/engine/build/sources/stat-cache.ts';
import type { SourceTree } from '../../../../electron/engine/build/sources/source-tree.ts';

/** A new folder below the system's temporary one; gone when it is disposed. */
export async function tempDir(): Promise<AsyncDisposable & { readonly dir: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-build-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

/** Files by their path: text, `{ link }`, or null for an empty folder. */
export type Files = Readonly<Record<string, string | { readonly link: string } | null>>;

export async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(dir, name);
    await mkdir(content === null ? file : path.dirname(file), { recursive: true });
    if (typeof content === 'string') await writeFile(file, content);
    else if (content) await symlink(content.link, file);
  }
}

export function folderTree(rootDir: string, dockerignore?: string): SourceTree {
  return createFolderTree({
    rootDir,
    label: 'the build context',
    hasher: { hash: hashHostFile },
    ...(dockerignore === undefined
      ? {}
      : { ignore: createIgnoreMatcher(parseDockerignore(dockerignore)) }),
  });
}
