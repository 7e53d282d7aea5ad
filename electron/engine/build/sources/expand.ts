import { createIgnoreMatcher } from '../../../../shared/dockerfile/dockerignore.ts';
import {
  BadPatternError,
  compileGlob,
  hasWildcard,
  unescapeGlob,
} from '../../../../shared/dockerfile/glob.ts';
import { AppError } from '../../../../shared/failure.ts';
import { baseName, joinPath, type SourceNode, type SourceTree } from './source-tree.ts';
import { locate } from './locate.ts';

/**
 * The paths that a COPY source stands for, sorted: the path itself where it has no wildcard, else what matches with
 * Go's rules. Links are followed up to the first part with a wildcard, not behind it (as BuildKit does).
 */
export async function expandSource(
  tree: SourceTree,
  source: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const all = source.split('/').filter(part => part !== '' && part !== '.');
  const firstWild = all.findIndex(hasWildcard);
  if (firstWild < 0) return [all.map(unescapeGlob).join('/')];
  const start = await locate(tree, all.slice(0, firstWild).map(unescapeGlob).join('/'), signal);
  if (start?.kind !== 'directory') return [];
  let found: readonly SourceNode[] = [start];
  for (const part of all.slice(firstWild))
    found = await matchingChildren(tree, found, part, signal);
  return found.map(node => node.path);
}

async function matchingChildren(
  tree: SourceTree,
  folders: readonly SourceNode[],
  part: string,
  signal?: AbortSignal,
): Promise<SourceNode[]> {
  const glob = globOf(part, tree.ignoresCase);
  const matching: SourceNode[] = [];
  for (const folder of folders) {
    if (folder.kind !== 'directory') continue;
    const children = await tree.list(folder.path, signal);
    matching.push(...children.filter(child => glob.test(baseName(child.path))));
  }
  return matching;
}

function globOf(part: string, ignoresCase: boolean): RegExp {
  return patternErrors(part, () => {
    const glob = compileGlob(part);
    return ignoresCase ? new RegExp(glob.source, `${glob.flags}i`) : glob;
  });
}

/** A file, link or matched folder that `--parents` takes; `path` is relative to the pivot. */
export interface Included {
  readonly node: SourceNode;
  readonly path: string;
}

/**
 * What `COPY --parents` takes of `root` for `pattern`: here `**` counts, and a folder that matches comes with all it
 * holds (BuildKit gives the pattern to its walk as an include pattern).
 */
export async function includeParents(
  tree: SourceTree,
  root: string,
  pattern: string,
  signal?: AbortSignal,
): Promise<Included[]> {
  const matcher = patternErrors(pattern, () =>
    createIgnoreMatcher([tree.ignoresCase ? pattern.toLowerCase() : pattern]),
  );
  const literal = literalFolders(pattern);
  const included: Included[] = [];
  async function walk(folder: string, match: readonly boolean[] | undefined): Promise<void> {
    for (const node of await childrenOf(
      tree,
      joinPath(root, folder),
      literal[folder === '' ? 0 : folder.split('/').length],
      signal,
    )) {
      const path = joinPath(folder, baseName(node.path));
      const verdict = matcher.check(tree.ignoresCase ? path.toLowerCase() : path, match);
      if (verdict.ignored) included.push({ node, path });
      if (node.kind === 'directory') await walk(path, verdict.match);
    }
  }
  await walk('', undefined);
  return included;
}

/** Where the next part of the pattern is a plain name, only that child is looked at. */
async function childrenOf(
  tree: SourceTree,
  folder: string,
  name: string | undefined,
  signal?: AbortSignal,
): Promise<readonly SourceNode[]> {
  if (name === undefined) return tree.list(folder, signal);
  const node = await tree.stat(joinPath(folder, name), signal);
  return node ? [node] : [];
}

function literalFolders(pattern: string): string[] {
  const all = pattern.split('/');
  const firstWild = all.findIndex(part => /[*?[\\]/u.test(part));
  return firstWild < 0 ? all : all.slice(0, firstWild);
}

/** Runs `compile`, and words a bad pattern as a failure. */
export function patternErrors<T>(pattern: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof BadPatternError)
      throw new AppError({ code: 'pattern-invalid', pattern }, { cause: error });
    throw error;
  }
}
