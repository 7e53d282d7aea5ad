import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { digestHex, isDigest, sha256Digest, type Digest } from '../../../../shared/oci/digest.ts';
import {
  errnoOf,
  fileFailure,
  replaceFile,
  undefinedIfMissing,
  withFailure,
} from '../../content/file-system.ts';
import type { ChainLink } from './chain.ts';

/** The folders of a chain store. A link has the folder of its chain ID, so that Windows' id of the layer never changes. */
export interface ChainFolders {
  dirOf(chainId: Digest): string;
  /** Empty files that processes lock while they make or destroy a link. */
  lockOf(chainId: Digest): string;
  make(): Promise<void>;
  /** Removes the locks of links that are not there. The caller holds the exclusive lock of the store. */
  dropLocks(): Promise<void>;
  /** The chain IDs that have a folder, whole or not. */
  present(): Promise<readonly Digest[]>;
  /** The link, if it is whole. */
  read(chainId: Digest): Promise<ChainLink | undefined>;
  /** Says that the link is whole; the last step of making it. */
  complete(
    chainId: Digest,
    facts: LinkFacts,
    parentsNearestFirst: readonly string[],
  ): Promise<void>;
  /** Keeps that a chain was used, now; each link counts as used a moment later than what stands on it. */
  touch(chainIdsNearestFirst: readonly Digest[]): Promise<void>;
  /** The file that says that a link is whole. */
  markerOf(chainId: Digest): string;
}

/** What is kept of a layer besides its parents. */
export interface LinkFacts {
  readonly diffId: Digest;
  /** What its files have together. */
  readonly bytes: number;
}

/** The paths of the parents, nearest first, as containerd and Docker keep it in the folder of a layer. */
const markerName = 'layerchain.json';
const factsName = 'layerwright.json';
const lockSuffix = '.lock';
const hexPattern = /^[0-9a-f]{64}$/;

/** Links lie in `<storeDir>/windows/chains/<hex of the chain ID>`. */
export function chainFolders(storeDir: string): ChainFolders {
  const root = join(storeDir, 'windows', 'chains');
  const dirOf = (chainId: Digest) => join(root, digestHex(chainId));
  const markerOf = (chainId: Digest) => join(dirOf(chainId), markerName);
  return {
    dirOf,
    markerOf,
    lockOf: chainId => dirOf(chainId) + lockSuffix,
    async make() {
      await withFailure('create', root, () => mkdir(root, { recursive: true }));
    },
    async dropLocks() {
      const names = new Set(await namesIn(root));
      for (const name of names) {
        const isOrphan = name.endsWith(lockSuffix) && !names.has(name.slice(0, -lockSuffix.length));
        if (isOrphan) await rm(join(root, name), { force: true });
      }
    },
    async present() {
      const names = await namesIn(root);
      return names.filter(name => hexPattern.test(name)).map(name => sha256Digest(name));
    },
    async read(chainId) {
      const parents = parentsIn(await readJson(markerOf(chainId)));
      const facts = factsIn(await readJson(join(dirOf(chainId), factsName)));
      if (!parents || !facts) return undefined;
      const { mtimeMs } = await stat(markerOf(chainId));
      // Only the names count: the store may have been moved.
      const [parentHex] = parents.map(parent => basename(parent));
      return {
        chainId,
        ...facts,
        ...(parentHex !== undefined && { parentChainId: sha256Digest(parentHex) }),
        dir: dirOf(chainId),
        lastUsedAt: mtimeMs,
      };
    },
    async complete(chainId, facts, parentsNearestFirst) {
      await writeJson(join(dirOf(chainId), factsName), facts);
      await writeJson(markerOf(chainId), parentsNearestFirst);
    },
    async touch(chainIdsNearestFirst) {
      const now = Date.now();
      for (const [depth, chainId] of chainIdsNearestFirst.entries()) {
        const time = new Date(now + depth);
        // Who goes first in garbage collection matters less than the build that runs.
        await utimes(markerOf(chainId), time, time).catch(() => undefined);
      }
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await withFailure('read', folder, () => readdir(folder).catch(undefinedIfMissing));
  return names ?? [];
}

function parentsIn(json: unknown): readonly string[] | undefined {
  const isList =
    Array.isArray(json) &&
    json.every(parent => typeof parent === 'string' && hexPattern.test(basename(parent)));
  return isList ? (json as readonly string[]) : undefined;
}

function factsIn(json: unknown): LinkFacts | undefined {
  if (typeof json !== 'object' || json === null || !('diffId' in json && 'bytes' in json)) {
    return undefined;
  }
  const { diffId, bytes } = json;
  return typeof diffId === 'string' && isDigest(diffId) && typeof bytes === 'number'
    ? { diffId, bytes }
    : undefined;
}

/** Undefined where the file is not there, or is no JSON: then the link is not whole. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || errnoOf(error) === 'ENOENT') return undefined;
    throw fileFailure(error, 'read', file);
  }
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await replaceFile(file, `${file}.new`, JSON.stringify(content));
}
