import { open, opendir } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../content/cancel.ts';
import { fileFailure } from '../../content/file-system.ts';
import type { ProjectFiles } from './detection.ts';

const mostFiles = 5000;
const mostDepth = 3;
const mostTexts = 60;
/** Manifests are a few kilobytes; what is larger is not read whole. */
const mostBytes = 256 * 1024;
const skipped = new Set([
  'node_modules',
  '.git',
  'bin',
  'obj',
  'target',
  'packages',
  'vendor',
  '.venv',
  'venv',
]);

/** Files that say what a project is, or in which version. */
const telling =
  /^(?:package\.json|\.nvmrc|\.node-version|global\.json|go\.mod|Cargo\.toml|rust-toolchain(?:\.toml)?|pyproject\.toml|\.python-version|runtime\.txt|pom\.xml|build\.gradle(?:\.kts)?)$|\.(?:cs|fs|vb)proj$|\.go$/i;

/**
 * Looks at a folder and a few levels below it, and reads the files that tell what it is; follows no links. Fails with
 * `file-system` where the folder itself cannot be listed.
 */
export async function readProject(dir: string, signal?: AbortSignal): Promise<ProjectFiles> {
  const paths = await listFiles(dir, signal);
  const texts = new Map<string, string>();
  for (const file of paths
    .filter(one => telling.test(path.posix.basename(one)))
    .slice(0, mostTexts)) {
    throwIfCancelled(signal);
    const text = await readStart(path.join(dir, file));
    if (text !== undefined) texts.set(file, text);
  }
  return { paths, text: file => texts.get(file) };
}

async function listFiles(dir: string, signal?: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  let level = [''];
  for (let depth = 0; depth < mostDepth && level.length > 0; depth++) {
    const next: string[] = [];
    const found: string[] = [];
    for (const folder of level) {
      throwIfCancelled(signal);
      if (files.length + found.length >= mostFiles) break;
      await readLevel(dir, folder, { files: found, folders: next });
    }
    files.push(...found.toSorted());
    level = next.toSorted();
  }
  return files.slice(0, mostFiles);
}

interface Level {
  readonly files: string[];
  readonly folders: string[];
}

async function readLevel(dir: string, folder: string, level: Level): Promise<void> {
  let entries;
  try {
    entries = await opendir(path.join(dir, folder));
  } catch (error) {
    if (folder !== '') return;
    throw fileFailure(error, 'look at', dir);
  }
  for await (const entry of entries) {
    if (level.files.length >= mostFiles) return;
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) level.files.push(name);
    else if (entry.isDirectory() && !skipped.has(entry.name.toLowerCase()))
      level.folders.push(name);
  }
}

/** A file that cannot be read tells nothing; the project is still what the others say. */
async function readStart(file: string): Promise<string | undefined> {
  try {
    await using handle = await open(file);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
