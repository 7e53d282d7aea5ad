import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { IgnoreMatcher } from '../../../shared/dockerfile/dockerignore.ts';
import { AppError } from '../../../shared/failure.ts';
import type { ContextPaths } from '../../../shared/ipc/app-views.ts';
import { readIgnore } from '../../engine/build/contexts.ts';
import { throwIfCancelled } from '../../engine/content/cancel.ts';
import { isInside } from '../grants.ts';
import { naming } from './file-failures.ts';
import { plainSegments } from './plain-path.ts';

/** More names of one folder are not read, and of those not more than `mostListed` told. */
const mostRead = 20_000;
const mostListed = 1000;

export interface ContextQuery {
  /** The Dockerfile, relative with `/`: its own `.dockerignore` counts first. */
  readonly file: string;
  /** Relative with `/`; '' for the context's root. */
  readonly directory: string;
}

/**
 * Lists what COPY can take from a folder of the context `projectDir`. Throws `bad-request` for what is no plain
 * relative path, `path-refused` where a link leads out of the context, `file-system` and `pattern-invalid`.
 */
export async function listContextPaths(
  projectDir: string,
  { file, directory }: ContextQuery,
  signal?: AbortSignal,
): Promise<ContextPaths> {
  const segments = plainSegments('directory', directory);
  const dockerfile = path.join(projectDir, ...plainSegments('file', file));
  const place = await insidePlace(projectDir, segments);
  const { entries, isCut } = await readEntries(place, signal);
  const ignore = await readIgnore(projectDir, dockerfile);
  const isCopied = ignore === undefined ? () => true : copiedIn(ignore, segments);
  const copied = entries.filter(({ name }) => isCopied(name));
  const shown = copied.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, mostListed);
  return {
    entries: await Promise.all(
      shown.map(async entry => ({ name: entry.name, kind: await kindOf(place, entry) })),
    ),
    isCut: isCut || copied.length > shown.length,
  };
}

async function insidePlace(projectDir: string, segments: readonly string[]): Promise<string> {
  const root = await naming('open', projectDir, async () => await realpath(projectDir));
  const wanted = path.join(root, ...segments);
  const place = await naming('open', wanted, async () => await realpath(wanted));
  if (isInside(root, place)) return place;
  throw new AppError({ code: 'path-refused', path: wanted, allowed: [projectDir] });
}

async function readEntries(place: string, signal: AbortSignal | undefined) {
  const entries: Dirent[] = [];
  return await naming('list', place, async () => {
    for await (const entry of await opendir(place)) {
      throwIfCancelled(signal);
      if (entries.length === mostRead) return { entries, isCut: true };
      entries.push(entry);
    }
    return { entries, isCut: false };
  });
}

/** Decides about names in a folder as a build does: what a later `!` could bring back counts as there. */
function copiedIn(ignore: IgnoreMatcher, segments: readonly string[]): (name: string) => boolean {
  let folder = '';
  let match: readonly boolean[] | undefined;
  for (const segment of segments) {
    folder = folder === '' ? segment : `${folder}/${segment}`;
    ({ match } = ignore.check(folder, match));
  }
  return name => {
    const relative = folder === '' ? name : `${folder}/${name}`;
    return !ignore.check(relative, match).ignored || ignore.mayReinclude(relative);
  };
}

async function kindOf(place: string, entry: Dirent): Promise<'file' | 'directory'> {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'directory' : 'file';
  const target = await stat(path.join(place, entry.name)).catch(() => undefined);
  return target?.isDirectory() === true ? 'directory' : 'file';
}
