import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { isZPipeline } from '../../../shared/zlayer/parse-zpipeline.ts';
import { isZImagefile } from '../../../shared/zlayer/read-build-file.ts';

const maxFiles = 200;
const maxDirectories = 2000;
const maxDepth = 4;
const skipped = new Set(['node_modules', '.git', '.svn', '.hg', 'bin', 'obj', 'dist', 'out']);

/** Dockerfiles and .dockerignore files by the names that Docker and its editors know, ZImagefiles and ZPipelines. */
export function isEditable(fileName: string): boolean {
  return (
    /^(dockerfile|containerfile)(\.[^/\\]*)?$|\.(dockerfile|dockerignore)$/i.test(fileName) ||
    isZImagefile(fileName) ||
    isZPipeline(fileName)
  );
}

/**
 * Lists the editable files of a project, relative with `/`: its Dockerfile first, then by depth and name.
 * It looks a few levels deep and stops at bounds that no project of ours reaches.
 */
export async function listEditableFiles(projectDir: string): Promise<string[]> {
  const files: string[] = [];
  let level = [''];
  let directories = 0;
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const relative of level) {
      if (++directories > maxDirectories || files.length >= maxFiles) return ordered(files);
      await readLevel(projectDir, relative, files, next);
    }
    level = next;
  }
  return ordered(files);
}

async function readLevel(
  projectDir: string,
  relative: string,
  files: string[],
  directories: string[],
): Promise<void> {
  const dir = relative === '' ? projectDir : path.join(projectDir, relative);
  let entries;
  try {
    entries = await opendir(dir);
  } catch (error) {
    // A folder below that cannot be read hides its files, but not the project.
    if (relative === '') throw error;
    return;
  }
  for await (const entry of entries) {
    const file = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (entry.isDirectory() && !skipped.has(entry.name.toLowerCase())) directories.push(file);
    else if (!entry.isDirectory() && isEditable(entry.name)) files.push(file);
  }
}

function ordered(files: readonly string[]): string[] {
  const rank = (file: string): number =>
    file.toLowerCase() === 'dockerfile' ? -1 : file.split('/').length;
  return files.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, maxFiles);
}
