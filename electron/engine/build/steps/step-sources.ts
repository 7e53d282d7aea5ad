import { createHash } from 'node:crypto';
import type {
  AddStep,
  CopyStep,
  InlineFile,
  StepSource,
} from '../../../../shared/dockerfile/resolved-step.ts';
import type { StageSource } from '../../../../shared/dockerfile/stage-source.ts';
import { createIgnoreMatcher } from '../../../../shared/dockerfile/dockerignore.ts';
import { AppError } from '../../../../shared/failure.ts';
import { download } from '../../registry/http.ts';
import type { Spool } from '../archive/spool.ts';
import { collect, type Collected } from '../copy/collect.ts';
import type { InputSource } from '../cache/inputs.ts';
import { selectionOf } from '../copy/key.ts';
import { shownUrl } from '../../registry/hosts.ts';
import type { StepReport } from '../event-stream.ts';
import { checkOut, parseGitUrl } from '../remote/git.ts';
import type { Scratch } from '../scratch.ts';
import { createFolderTree } from '../sources/folder-tree.ts';
import type { FileNode, SourceTree } from '../sources/source-tree.ts';
import { hashHostFile } from '../sources/stat-cache.ts';

/** A tree to copy from; `contentKey` is set where it alone decides what all its files are. */
export interface SourceRoot {
  /** How messages call it, such as `the build context`. */
  readonly label: string;
  readonly contentKey?: string;
  open(signal?: AbortSignal): Promise<SourceTree>;
}

/** What the sources of a step need. */
export interface SourceDeps {
  /** The tree that COPY --from names; without a source, the build context. */
  root(from: StageSource | undefined, signal?: AbortSignal): Promise<SourceRoot>;
  readonly scratch: Scratch;
  readonly keepTimes: boolean;
}

/** One source of COPY or ADD: what it is known by, and how to get it. */
export interface PreparedSource {
  /** As it stands in the instruction, after expansion. */
  readonly written: string;
  readonly input: InputSource;
  take(signal?: AbortSignal): Promise<Collected[]>;
}

export type FileStep = CopyStep | AddStep;

/** Finds out what each source is known by; contents are read only as far as that needs. */
export async function prepareSources(
  step: FileStep,
  deps: SourceDeps,
  report: StepReport,
  signal?: AbortSignal,
): Promise<PreparedSource[]> {
  const prepared: PreparedSource[] = [];
  for (const source of step.sources)
    prepared.push(await prepare(source, { step, deps, report }, signal));
  return prepared;
}

interface Preparing {
  readonly step: FileStep;
  readonly deps: SourceDeps;
  readonly report: StepReport;
}

async function prepare(
  source: StepSource,
  context: Preparing,
  signal?: AbortSignal,
): Promise<PreparedSource> {
  switch (source.kind) {
    case 'inline':
      return preparedInline(source.file);
    case 'path':
      return preparePath(source.path, context, signal);
    case 'http':
      return prepareDownload(source.url, context, signal);
    case 'git':
      return prepareGit(source.url, context, signal);
  }
}

function preparedInline({ name, content }: InlineFile): PreparedSource {
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const node: FileNode = {
    kind: 'file',
    path: name,
    modified: 0n,
    size: bytes.length,
    fingerprint: async () => sha256,
    async *read() {
      yield bytes;
    },
  };
  return {
    written: name,
    input: {
      label: 'the Dockerfile',
      content: JSON.stringify(['inline', name, sha256]),
      files: () => [{ path: name, hash: sha256.slice(0, 16) }],
    },
    take: async () => [{ place: 'named', path: name, node }],
  };
}

async function preparePath(
  path: string,
  { step, deps }: Preparing,
  signal?: AbortSignal,
): Promise<PreparedSource> {
  const root = await deps.root(step.kind === 'copy' ? step.from : undefined, signal);
  const selection = {
    sources: [path],
    excludes: step.excludes,
    parents: step.kind === 'copy' && step.parents,
  };
  const unpacks = step.kind === 'add' && step.unpack !== false;
  const gather = async (signal?: AbortSignal) => {
    const tree = await root.open(signal);
    const collected = await collect(tree, selection, signal);
    await tree.prepare?.(filesOf(collected), signal);
    return unpacks ? unpackAll(collected, await deps.scratch.spool(), signal) : collected;
  };
  if (root.contentKey !== undefined) {
    const content = JSON.stringify(['tree', root.contentKey, selection, unpacks]);
    return { written: path, input: { label: root.label, content }, take: gather };
  }
  const collected = await collect(await root.open(signal), selection, signal);
  const selected = await selectionOf(collected, deps.keepTimes, signal);
  // What was collected is what gets copied: a change in between must not go unnoticed.
  const take = async (signal?: AbortSignal) =>
    unpacks ? unpackAll(collected, await deps.scratch.spool(), signal) : collected;
  const content = JSON.stringify(['files', selected.key, unpacks]);
  return { written: path, input: { label: root.label, content, files: selected.files }, take };
}

function filesOf(collected: readonly Collected[]): FileNode[] {
  return collected.flatMap(({ node }) => (node.kind === 'file' ? [node] : []));
}

/** Puts the content of archives in the place of archives; only files that a source names itself are looked into. */
async function unpackAll(
  collected: readonly Collected[],
  spool: Spool,
  signal?: AbortSignal,
): Promise<Collected[]> {
  // Loaded by the first ADD: the unpackers of all formats come with it.
  const { isTarArchive, unpack } = await import('../archive/unpack.ts');
  const result: Collected[] = [];
  for (const item of collected) {
    const { place, node } = item;
    const isArchive =
      place === 'named' && node.kind === 'file' && (await isTarArchive(node, signal));
    if (!isArchive) result.push(item);
    else for (const inner of await unpack(node, spool, signal)) result.push(inner);
  }
  return result;
}

async function prepareDownload(
  url: string,
  context: Preparing,
  signal?: AbortSignal,
): Promise<PreparedSource> {
  const { step, deps } = context;
  const { checksum, unpack: unpacks } =
    step.kind === 'add' ? step : { checksum: undefined, unpack: undefined };
  const fetched = async (signal?: AbortSignal) => {
    const file = await fetchFile(url, context, signal);
    return unpacks === true ? unpackAll([file], await deps.scratch.spool(), signal) : [file];
  };
  // A checksum says what will come, so that an unchanged download need not be made again.
  if (checksum !== undefined && !deps.keepTimes)
    return {
      written: url,
      input: {
        label: shownUrl(url),
        content: JSON.stringify(['download', url, checksum, unpacks]),
      },
      take: fetched,
    };
  const file = await fetchFile(url, context, signal);
  const selected = await selectionOf([file], deps.keepTimes, signal);
  const take = async (signal?: AbortSignal) =>
    unpacks === true ? unpackAll([file], await deps.scratch.spool(), signal) : [file];
  const content = JSON.stringify(['downloaded', selected.key, unpacks]);
  return {
    written: url,
    input: { label: shownUrl(url), content, files: selected.files },
    take,
  };
}

async function fetchFile(
  url: string,
  { step, deps, report }: Preparing,
  signal?: AbortSignal,
): Promise<Collected> {
  const name = fileNameOf(url, step);
  return report.timed('pull', async () => {
    const spool = await deps.scratch.spool();
    const { body, size, lastModified } = await download(url, {}, signal);
    const content = await spool.append(watched(body, { url, size, report }), signal);
    const checksum = step.kind === 'add' ? step.checksum : undefined;
    if (checksum !== undefined && checksum !== `sha256:${content.sha256}`) {
      const problem = `its content is sha256:${content.sha256}, but --checksum says ${checksum}.`;
      throw new AppError({ code: 'download-failed', url, problem });
    }
    const node: FileNode = {
      kind: 'file',
      path: name,
      modified: lastModified ?? 0n,
      size: content.size,
      fingerprint: async () => content.sha256,
      read: content.read,
    };
    return { place: 'named', path: name, node };
  });
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  { url, size, report }: { url: string; size: number | undefined; report: StepReport },
): AsyncGenerator<Uint8Array> {
  let current = 0;
  for await (const chunk of body) {
    current += chunk.byteLength;
    report.progress({
      phase: 'pull',
      current,
      ...(size === undefined ? {} : { total: size }),
      unit: 'bytes',
      detail: url,
    });
    yield chunk;
  }
}

/** The last part of the URL's path; needed only where the destination is a folder. */
function fileNameOf(url: string, { destination }: FileStep): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  const name = decoded(last);
  if (name !== '' || !destination.isFolder) return name;
  const problem = `${url} has no file name. Write one behind the folder.`;
  throw new AppError({ code: 'destination-refused', path: destination.written, problem });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function prepareGit(
  url: string,
  { step, deps, report }: Preparing,
  signal?: AbortSignal,
): Promise<PreparedSource> {
  const { checksum, keepGitDir } =
    step.kind === 'add' ? step : { checksum: undefined, keepGitDir: undefined };
  const source = { ...parseGitUrl(url), ...(checksum === undefined ? {} : { commit: checksum }) };
  const rootDir = await report.timed('pull', async () =>
    checkOut(source, await deps.scratch.newPath(), signal),
  );
  const tree = createFolderTree({
    rootDir,
    label: url,
    hasher: { hash: hashHostFile },
    ...(keepGitDir === true ? {} : { ignore: createIgnoreMatcher(['**/.git']) }),
  });
  const collected = await collect(
    tree,
    { sources: ['.'], excludes: step.excludes, parents: false },
    signal,
  );
  const selected = await selectionOf(collected, deps.keepTimes, signal);
  return {
    written: url,
    input: {
      label: shownUrl(url),
      content: JSON.stringify(['git', selected.key]),
      files: selected.files,
    },
    take: async () => collected,
  };
}
