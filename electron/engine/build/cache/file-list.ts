import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FileDifference } from '../../../../shared/ipc/step-cache.ts';

/** A file that a step reads, as records keep it. */
export interface ListedFile {
  /** As a person would name it: relative to the context, with `/`. */
  readonly path: string;
  /** The first 16 hex digits of its SHA-256, or a mark of what it is instead of a file. */
  readonly hash: string;
}

/** Longer lists are not kept: a record is there to explain, and nobody reads through more. */
export const mostListedFiles = 100_000;
/** What a list may take unpacked, in bytes. It also bounds what a list from elsewhere can blow up to. */
const largestList = 64 * 1024 * 1024;
/** How many files a difference names. */
const mostNamed = 20;

/** Packs a list; undefined where it is too long. */
export function packFiles(files: readonly ListedFile[]): Uint8Array | undefined {
  if (files.length > mostListedFiles) return undefined;
  const text = files.map(({ path, hash }) => `${hash} ${path}`).join('\0');
  const bytes = Buffer.from(text);
  return bytes.length > largestList ? undefined : deflateRawSync(bytes, { level: 1 });
}

/** Throws where the bytes are no packed list. */
export function unpackFiles(packed: Uint8Array): readonly ListedFile[] {
  const text = inflateRawSync(packed, { maxOutputLength: largestList }).toString();
  if (text === '') return [];
  return text.split('\0').map(line => {
    const space = line.indexOf(' ');
    return { hash: line.slice(0, space), path: line.slice(space + 1) };
  });
}

/** What happened to the files of a source. */
export interface FilesDifference {
  readonly files: readonly FileDifference[];
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
}

/** Finds what changed, in the order of the lists: changed files first, then new ones, then those that are gone. */
export function compareFiles(
  before: readonly ListedFile[],
  now: readonly ListedFile[],
): FilesDifference {
  const old = new Map(before.map(({ path, hash }) => [path, hash]));
  const left = new Map(old);
  const changed: FileDifference[] = [];
  const added: FileDifference[] = [];
  for (const { path, hash } of now) {
    const known = old.get(path);
    left.delete(path);
    if (known === undefined) added.push({ path, now: hash });
    else if (known !== hash) changed.push({ path, before: known, now: hash });
  }
  const removed = Array.from(left, ([path, hash]) => ({ path, before: hash }));
  return {
    files: [...changed, ...added, ...removed].slice(0, mostNamed),
    changed: changed.length,
    added: added.length,
    removed: removed.length,
  };
}
