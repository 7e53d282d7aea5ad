import type { Bytes } from '../../content/bytes.ts';
import type { Nanoseconds } from '../../layer/entry.ts';

/** A file or folder that COPY or ADD can take. `path` is relative to the tree's root, with `/`; the root is ''. */
export type SourceNode =
  | { readonly kind: 'directory'; readonly path: string; readonly modified: Nanoseconds }
  | FileNode
  | LinkNode
  /** A pipe, socket or device: it may lie there, but it cannot be copied. */
  | { readonly kind: 'special'; readonly path: string; readonly modified: Nanoseconds };

export interface FileNode {
  readonly kind: 'file';
  readonly path: string;
  readonly modified: Nanoseconds;
  readonly size: number;
  /** What the content is known by: the same text only for the same content. At once where it is known already. */
  fingerprint(signal?: AbortSignal): string | Promise<string>;
  /** Fails with `source-refused` if the file is no longer what was listed. A chunk is only valid until the next one. */
  read(signal?: AbortSignal): Bytes;
}

export interface LinkNode {
  readonly kind: 'symlink';
  readonly path: string;
  readonly modified: Nanoseconds;
  /** With `/` between its parts; absolute where it begins with `/` or a drive letter and `:/`. */
  readonly target: string;
  /** Windows tells links to folders and links to files apart. */
  readonly leadsToFolder: boolean;
}

/** Files that can be copied from: the context, a stage, an image, an archive that was unpacked. */
export interface SourceTree {
  /** How messages call it: `the build context`, `stage "build"`. */
  readonly label: string;
  /** True for the files of Windows images, where `A` and `a` are the same name. */
  readonly ignoresCase: boolean;
  /** Where an absolute link leads: out of the tree, or (in an image) to the tree's root. */
  readonly absoluteLinks: 'refused' | 'from-root';
  /** The node at exactly `path`, whose parents are real folders; links are not followed. */
  stat(path: string, signal?: AbortSignal): Promise<SourceNode | undefined>;
  /** What lies in the folder `path`, sorted by name in code point order. */
  list(path: string, signal?: AbortSignal): Promise<readonly SourceNode[]>;
  /** Tells whether `path` is there but left out by `.dockerignore`; for a better message. */
  isIgnored?(path: string): Promise<boolean>;
  /** Must be called before these files are read, where the tree has it. */
  prepare?(files: readonly FileNode[], signal?: AbortSignal): Promise<void>;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path; '' for one at the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function joinPath(folder: string, name: string): string {
  if (folder === '') return name;
  return name === '' ? folder : `${folder}/${name}`;
}
