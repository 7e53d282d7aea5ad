import { throwIfCancelled } from '../../content/cancel.ts';
import { createHash } from 'node:crypto';
import { createBreathe } from '../breathe.ts';
import type { ListedFile } from '../cache/file-list.ts';
import type { Collected } from './collect.ts';

/** How many files are hashed at a time. */
const hashesAtATime = 4;
const textsAtATime = 1000;

/** What a selection is known by, and what is in it one by one. */
export interface Selected {
  readonly key: string;
  readonly files: () => readonly ListedFile[];
}

/**
 * Makes the key of a selection: paths, kinds, contents and link targets, and the times where they are kept.
 * Files whose content is not known yet are read.
 */
export async function selectionOf(
  collected: readonly Collected[],
  keepTimes: boolean,
  signal?: AbortSignal,
): Promise<Selected> {
  const contents = await fingerprints(collected, signal);
  const hash = createHash('sha256');
  // No path holds NUL, so nothing can be mistaken for something else. One text for many files: each call costs.
  let texts: string[] = [];
  for (const [at, { place, path, node }] of collected.entries()) {
    const time = keepTimes ? String(node.modified) : '';
    texts.push(`${place}\0${path}\0${node.kind}\0${contents[at] ?? ''}\0${time}\0`);
    if (texts.length < textsAtATime) continue;
    hash.update(texts.join(''));
    texts = [];
  }
  hash.update(texts.join(''));
  const listed = ({ node, path }: Collected, at: number): ListedFile => ({
    path: node.path === '' ? path : node.path,
    hash: markOf(node, contents[at] ?? ''),
  });
  let files: readonly ListedFile[] | undefined;
  // Made where it is asked for, which is rare, and then several times.
  return { key: hash.digest('hex'), files: () => (files ??= collected.map(listed)) };
}

function markOf({ kind }: Collected['node'], content: string): string {
  if (kind === 'directory') return 'folder';
  const hash = kind === 'file' ? content : createHash('sha256').update(content).digest('hex');
  return hash.slice(0, 16);
}

async function fingerprints(
  collected: readonly Collected[],
  signal?: AbortSignal,
): Promise<string[]> {
  const results: string[] = Array.from({ length: collected.length }, () => '');
  const pending = collected.entries();
  const breathe = createBreathe();
  async function work(): Promise<void> {
    for (const [at, { node }] of pending) {
      const pause = breathe();
      if (pause) {
        await pause;
        throwIfCancelled(signal);
      }
      if (node.kind === 'symlink')
        results[at] = `${node.leadsToFolder ? 'folder' : 'file'} ${node.target}`;
      else if (node.kind === 'file') {
        const known = node.fingerprint(signal);
        results[at] = typeof known === 'string' ? known : await known;
      }
    }
  }
  await Promise.all(Array.from({ length: hashesAtATime }, work));
  return results;
}
