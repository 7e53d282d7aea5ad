import { mkdir, open, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Mount } from '../../../../../../shared/dockerfile/mount.ts';
import type { RunStep } from '../../../../../../shared/dockerfile/resolved-step.ts';
import { AppError } from '../../../../../../shared/failure.ts';
import { fileNameProblem } from '../../../../../../shared/windows/file-names.ts';
import { throwIfCancelled } from '../../../../content/cancel.ts';
import { collect, type Collected } from '../../../copy/collect.ts';
import type { InputSource } from '../../../cache/inputs.ts';
import { selectionOf } from '../../../copy/key.ts';
import type { FileNode, SourceTree } from '../../../sources/source-tree.ts';
import type { SourceDeps, SourceRoot } from '../../../steps/step-sources.ts';

/** Where the content of a mount comes from. */
export interface MountSource {
  readonly mount: Mount;
  /** What the mount holds at first; absent where it begins empty. */
  readonly seed?: InputSource;
  /** Writes it into the new folder `dir`. Gives the name of the one file where the source is a file. */
  write?(dir: string, signal?: AbortSignal): Promise<string | undefined>;
}

/** Finds out what each mount of a RUN is known by; contents are read only as far as that needs. */
export async function mountSources(
  { mounts }: RunStep,
  deps: Pick<SourceDeps, 'root'>,
  signal?: AbortSignal,
): Promise<MountSource[]> {
  const sources: MountSource[] = [];
  for (const { mount, from } of mounts) {
    const isSeeded = mount.type === 'bind' || (mount.type === 'cache' && from !== undefined);
    if (!isSeeded) sources.push({ mount });
    else {
      const root = await deps.root(from, signal);
      sources.push({ mount, ...(await sourceOf(root, mount.source, signal)) });
    }
  }
  return sources;
}

async function sourceOf(
  root: SourceRoot,
  written: string,
  signal?: AbortSignal,
): Promise<Pick<MountSource, 'seed' | 'write'>> {
  const source = written.replaceAll('\\', '/').replace(/^(?:[a-z]:)?\/*/iu, '') || '.';
  const selection = { sources: [source], excludes: [], parents: false };
  const write = async (dir: string, signal?: AbortSignal) => {
    const tree = await root.open(signal);
    return await writeTree(tree, await collect(tree, selection, signal), dir, signal);
  };
  const { contentKey, label } = root;
  if (contentKey !== undefined)
    return { seed: { label, content: JSON.stringify(['tree', contentKey, source]) }, write };
  const collected = await collect(await root.open(signal), selection, signal);
  const { key, files } = await selectionOf(collected, false, signal);
  return {
    seed: { label, content: JSON.stringify(['files', source, key]), files },
    // What was collected is what gets mounted: a change in between must not go unnoticed.
    write: async (dir, signal) => await writeTree(await root.open(signal), collected, dir, signal),
  };
}

async function writeTree(
  tree: SourceTree,
  collected: readonly Collected[],
  dir: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const files = collected.flatMap(({ node }) => (node.kind === 'file' ? [node] : []));
  await tree.prepare?.(files, signal);
  await mkdir(dir, { recursive: true });
  for (const { path: relative, node } of collected) {
    throwIfCancelled(signal);
    const place = placeIn(dir, relative);
    await mkdir(node.kind === 'directory' ? place : path.dirname(place), { recursive: true });
    if (node.kind === 'file') await writeFileNode(place, node, signal);
    if (node.kind === 'symlink')
      await symlink(node.target, place, node.leadsToFolder ? 'junction' : 'file');
  }
  const [only, ...others] = collected;
  return only?.place === 'named' && others.length === 0 ? only.path : undefined;
}

/** Names come from contexts and images: each must be one that Windows can hold, so that none leads elsewhere. */
function placeIn(dir: string, relative: string): string {
  const parts = relative.split('/').filter(part => part !== '');
  for (const part of parts) {
    const problem = fileNameProblem(part);
    if (problem !== undefined)
      throw new AppError({
        code: 'source-refused',
        path: relative,
        problem: `the name "${part}" ${problem}.`,
      });
  }
  return path.join(dir, ...parts);
}

async function writeFileNode(place: string, node: FileNode, signal?: AbortSignal): Promise<void> {
  const handle = await open(place, 'wx');
  try {
    for await (const chunk of node.read(signal)) await handle.write(chunk);
  } finally {
    await handle.close();
  }
}
