import type { Stats } from 'node:fs';
import type { Bytes } from '../../content/bytes.ts';
import type { Nanoseconds } from '../../layer/entry.ts';
import { exactModified, readHostFile, type HostFile } from './host-file.ts';
import type { FileNode, SourceNode } from './source-tree.ts';

/** Knows the content of files by a hash, in hex; at once where it need not be read. */
export interface FileHasher {
  hash(file: HostFile, signal?: AbortSignal): string | Promise<string>;
}

/** Where the files of a tree are, and who hashes them. */
export interface HostRoot {
  /** Absolute. */
  readonly rootDir: string;
  readonly hasher: FileHasher;
}

/** One object a file, and nothing is worked out before somebody asks: a context has tens of thousands of them. */
export class HostFileNode implements FileNode, HostFile {
  readonly kind = 'file';
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
  readonly #root: HostRoot;
  #known: string | undefined;

  constructor(root: HostRoot, path: string, { size, mtimeMs, ctimeMs, ino }: Stats) {
    this.#root = root;
    this.path = path;
    this.size = size;
    this.modifiedMs = mtimeMs;
    this.changedMs = ctimeMs;
    this.inode = ino;
  }

  get hostPath(): string {
    return hostPathIn(this.#root.rootDir, this.path);
  }

  get shownPath(): string {
    return this.path;
  }

  get modified(): Nanoseconds {
    return exactModified(this.hostPath);
  }

  fingerprint(signal?: AbortSignal): string | Promise<string> {
    if (this.#known !== undefined) return this.#known;
    const hash = this.#root.hasher.hash(this, signal);
    // One that had to be read may not have been at rest: the hasher decides whether it counts again.
    if (typeof hash === 'string') this.#known = hash;
    return hash;
  }

  read(signal?: AbortSignal): Bytes {
    return readHostFile(this, signal);
  }
}

/** A folder, or something that cannot be copied. */
export class HostNode {
  readonly kind: Exclude<SourceNode['kind'], 'file' | 'symlink'>;
  readonly path: string;
  readonly #rootDir: string;

  constructor(kind: HostNode['kind'], rootDir: string, path: string) {
    this.kind = kind;
    this.path = path;
    this.#rootDir = rootDir;
  }

  get modified(): Nanoseconds {
    return exactModified(hostPathIn(this.#rootDir, this.path));
  }
}

/** `relative` is made of names that the file system gave, so it needs no tidying. */
export function hostPathIn(rootDir: string, relative: string): string {
  return relative === '' ? rootDir : `${rootDir}/${relative}`;
}
