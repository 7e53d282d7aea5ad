import { AppError } from '../../../../shared/failure.ts';
import {
  folderOf,
  joinPath,
  type LinkNode,
  type SourceNode,
  type SourceTree,
} from './source-tree.ts';

/** As many links in a row as Linux follows before it says ELOOP. */
const mostLinks = 40;

/** A node that was found behind links: its own path may differ from the one that was asked for. */
export type Located = Exclude<SourceNode, LinkNode>;

/**
 * Finds what `path` leads to, following links at every part of it, as COPY does for a source that is named.
 * Fails with `source-refused` for a path or link that leaves the tree, and for links in a circle.
 */
export async function locate(
  tree: SourceTree,
  path: string,
  signal?: AbortSignal,
): Promise<Located | undefined> {
  let pending = parts(path);
  let folder = '';
  let links = 0;
  let node = await tree.stat('', signal);
  while (pending.length > 0) {
    const [name = '', ...rest] = pending;
    pending = rest;
    if (name === '..') {
      if (folder === '') throw leaves(tree, path);
      folder = folderOf(folder);
      node = await tree.stat(folder, signal);
      continue;
    }
    if (node?.kind !== 'directory') return undefined;
    const next = await tree.stat(joinPath(folder, name), signal);
    if (!next) return undefined;
    if (next.kind !== 'symlink') {
      folder = next.path;
      node = next;
      continue;
    }
    if (++links > mostLinks) throw refused(path, 'its links lead in a circle.');
    checkLink(tree, next);
    if (isAbsolute(next.target)) {
      folder = '';
      node = await tree.stat('', signal);
    }
    pending = [...parts(withoutDrive(next.target)), ...pending];
  }
  return node?.kind === 'symlink' ? undefined : node;
}

/** Fails with `source-refused` if the link leads out of its tree; links inside folders are kept, not followed. */
export function checkLink(tree: Pick<SourceTree, 'label' | 'absoluteLinks'>, link: LinkNode): void {
  if (isAbsolute(link.target)) {
    if (tree.absoluteLinks === 'from-root') return;
    throw refused(link.path, `it is a link to ${link.target}, which is outside of ${tree.label}.`);
  }
  let depth = parts(folderOf(link.path)).length;
  for (const part of parts(link.target)) {
    depth += part === '..' ? -1 : 1;
    if (depth < 0)
      throw refused(link.path, `it is a link to ${link.target}, which leaves ${tree.label}.`);
  }
}

function parts(path: string): string[] {
  return path.split('/').filter(part => part !== '' && part !== '.');
}

function isAbsolute(target: string): boolean {
  return target.startsWith('/') || /^[a-z]:/iu.test(target);
}

function withoutDrive(target: string): string {
  return target.replace(/^(?:\/\?\?)?\/?[a-z]:/iu, '');
}

function leaves(tree: SourceTree, path: string): AppError {
  return refused(path, `it leaves ${tree.label} by "..".`);
}

function refused(path: string, problem: string): AppError {
  return new AppError({ code: 'source-refused', path, problem });
}
