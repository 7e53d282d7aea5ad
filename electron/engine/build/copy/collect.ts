import {
  createIgnoreMatcher,
  type IgnoreMatcher,
} from '../../../../shared/dockerfile/dockerignore.ts';
import { AppError } from '../../../../shared/failure.ts';
import { expandSource, includeParents, patternErrors } from '../sources/expand.ts';
import { checkLink, locate, type Located } from '../sources/locate.ts';
import {
  baseName,
  joinPath,
  type FileNode,
  type LinkNode,
  type SourceNode,
  type SourceTree,
} from '../sources/source-tree.ts';

/** What COPY or ADD is to take of a tree. */
export interface Selection {
  /** With `/`; wildcards as in Go's `filepath.Match`. */
  readonly sources: readonly string[];
  readonly excludes: readonly string[];
  readonly parents: boolean;
}

/** One thing that is copied. `path` says where it goes: below the destination, or (`named`) as the destination. */
export interface Collected {
  /** `named`: a file that a source names itself; `below`: it keeps `path` below the destination. */
  readonly place: 'named' | 'below';
  /** For `named` the file's name. Empty for a source folder itself, whose content is copied. */
  readonly path: string;
  readonly node: Copyable;
}

export type Copyable = Extract<SourceNode, { kind: 'directory' }> | FileNode | LinkNode;

/** Everything that the selection takes, in the order in which it is copied: later ones replace earlier ones. */
export async function collect(
  tree: SourceTree,
  selection: Selection,
  signal?: AbortSignal,
): Promise<Collected[]> {
  const excluded = excluder(tree, selection.excludes);
  const collected: Collected[] = [];
  for (const source of selection.sources) {
    const gathering = { excluded, collected };
    if (selection.parents) await collectParents(tree, source, gathering, signal);
    else await collectSource(tree, source, gathering, signal);
  }
  return collected;
}

async function collectSource(
  tree: SourceTree,
  source: string,
  { excluded, collected }: Gathering,
  signal?: AbortSignal,
): Promise<void> {
  checkInside(tree, source);
  const paths = await expandSource(tree, source, signal);
  if (paths.length === 0) throw missing(tree, source);
  for (const path of paths) {
    const node = await locate(tree, path, signal);
    if (!node) throw await absent(tree, path, source);
    if (node.kind === 'directory')
      await collectFolder(tree, node.path, { excluded, collected }, signal);
    else if (!excluded.isExcluded(baseName(path), undefined).ignored) {
      collected.push({ place: 'named', path: baseName(path), node: copyable(node) });
    }
  }
}

interface Gathering {
  readonly excluded: Excluder;
  readonly collected: Collected[];
}

/** The content of `root`, and first the folder itself: an empty one is copied too. */
async function collectFolder(
  tree: SourceTree,
  root: string,
  { excluded, collected }: Gathering,
  signal?: AbortSignal,
): Promise<void> {
  const rootNode = await tree.stat(root, signal);
  if (rootNode?.kind === 'directory') collected.push({ place: 'below', path: '', node: rootNode });
  async function walk(folder: string, match: readonly boolean[] | undefined): Promise<void> {
    for (const node of await tree.list(joinPath(root, folder), signal)) {
      const path = joinPath(folder, baseName(node.path));
      const verdict = excluded.isExcluded(path, match);
      if (!verdict.ignored) collected.push({ place: 'below', path, node: checked(tree, node) });
      if (node.kind === 'directory' && (!verdict.ignored || excluded.mayReinclude(path)))
        await walk(path, verdict.match);
    }
  }
  await walk('', undefined);
}

async function collectParents(
  tree: SourceTree,
  source: string,
  { excluded, collected }: Gathering,
  signal?: AbortSignal,
): Promise<void> {
  checkInside(tree, source);
  const { pivot, pattern } = splitPivot(source);
  const root = await locate(tree, pivot, signal);
  if (root?.kind !== 'directory') throw missing(tree, source);
  if (pattern === '') {
    await collectFolder(tree, root.path, { excluded, collected }, signal);
    return;
  }
  const included = await includeParents(tree, root.path, pattern, signal);
  if (included.length === 0) throw missing(tree, source);
  for (const { path, node } of included) {
    if (excluded.isDeepExcluded(path)) continue;
    collected.push({ place: 'below', path, node: checked(tree, node) });
  }
}

/** `a/./b/c` keeps only `b/c` (the pivot point of `--parents`). */
function splitPivot(source: string): { readonly pivot: string; readonly pattern: string } {
  const at = source.indexOf('/./');
  const clean = (path: string) =>
    path
      .split('/')
      .filter(part => part !== '' && part !== '.')
      .join('/');
  return at < 0
    ? { pivot: '', pattern: clean(source) }
    : { pivot: clean(source.slice(0, at)), pattern: clean(source.slice(at + 3)) };
}

interface Excluder {
  isExcluded(
    path: string,
    parent: readonly boolean[] | undefined,
  ): ReturnType<IgnoreMatcher['check']>;
  /** As `isExcluded`, where the answers about the parents are not at hand. */
  isDeepExcluded(path: string): boolean;
  mayReinclude(path: string): boolean;
}

const notExcluded = { ignored: false, match: [] };
const excludesNothing: Excluder = {
  isExcluded: () => notExcluded,
  isDeepExcluded: () => false,
  mayReinclude: () => false,
};

function excluder(tree: SourceTree, patterns: readonly string[]): Excluder {
  const fold = (text: string) => (tree.ignoresCase ? text.toLowerCase() : text);
  if (patterns.length === 0) return excludesNothing;
  const matcher = patternErrors(patterns.join(' '), () => createIgnoreMatcher(patterns.map(fold)));
  return {
    isExcluded: (path, parent) => matcher.check(fold(path), parent),
    isDeepExcluded(path) {
      let parent: readonly boolean[] | undefined;
      let ignored = false;
      for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
        const verdict = matcher.check(fold(end < 0 ? path : path.slice(0, end)), parent);
        parent = verdict.match;
        ignored = verdict.ignored;
        if (end < 0) return ignored;
      }
    },
    mayReinclude: path => matcher.mayReinclude(fold(path)),
  };
}

function checked(tree: SourceTree, node: SourceNode): Copyable {
  if (node.kind === 'symlink') checkLink(tree, node);
  return copyable(node);
}

function copyable(node: SourceNode | Located): Copyable {
  if (node.kind !== 'special') return node;
  throw new AppError({
    code: 'source-refused',
    path: node.path,
    problem: 'it is a pipe, socket or device, not a file. List it in .dockerignore, or remove it.',
  });
}

/** Docker lets a source name only what lies in the tree: `..` may not climb above its root. */
function checkInside(tree: SourceTree, source: string): void {
  let depth = 0;
  for (const part of source.split('/')) {
    if (part === '' || part === '.') continue;
    depth += part === '..' ? -1 : 1;
    if (depth < 0) {
      throw new AppError({
        code: 'source-refused',
        path: source,
        problem: `it leaves ${tree.label} by "..".`,
      });
    }
  }
}

function missing(tree: SourceTree, source: string): AppError {
  return new AppError({ code: 'source-missing', source, from: tree.label });
}

async function absent(tree: SourceTree, path: string, source: string): Promise<AppError> {
  const ignored = (await tree.isIgnored?.(path)) ?? false;
  return new AppError({
    code: 'source-missing',
    source,
    from: tree.label,
    ...(ignored ? { ignored } : {}),
  });
}
