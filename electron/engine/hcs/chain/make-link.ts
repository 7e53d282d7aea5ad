import { mkdir, rm } from 'node:fs/promises';
import type { Digest } from '../../../../shared/oci/digest.ts';
import { withFailure } from '../../content/file-system.ts';
import { lockStatements, tryLock, waitForLock } from '../../content/store-lock.ts';
import type { LayerStorage } from '../host.ts';
import type { ChainLink } from './chain.ts';
import type { ChainFolders, LinkFacts } from './chain-folders.ts';

/** One at a time for each link, in all processes together. */

/** A link that is to be made. */
export interface NewLink {
  readonly chainId: Digest;
  readonly parentsNearestFirst: readonly string[];
  /** Fills the folder of the link, which is there and empty. */
  readonly build: () => Promise<LinkFacts>;
}

/**
 * Makes a link unless it is there. A folder counts only once its list of parents is in it, which comes last: what a
 * crash or a failure leaves before that is destroyed by Windows, never deleted, for links may lead out of it.
 */
export async function makeLink(
  folders: ChainFolders,
  layers: Pick<LayerStorage, 'destroyLayer'>,
  { chainId, parentsNearestFirst, build }: NewLink,
  signal?: AbortSignal,
): Promise<void> {
  await folders.make();
  using _ = await waitForLock(folders.lockOf(chainId), lockStatements.exclusive, signal);
  if (await folders.read(chainId)) return;
  const dir = folders.dirOf(chainId);
  await layers.destroyLayer(dir);
  try {
    await withFailure('create', dir, () => mkdir(dir));
    await folders.complete(chainId, await build(), parentsNearestFirst);
  } catch (error) {
    // What stays for now is swept at the next start; the first failure is the one to tell of.
    await layers.destroyLayer(dir).catch(() => undefined);
    throw error;
  }
}

/** Destroys a folder that is no whole link, unless a living process is at it; tells whether it did. */
export async function sweepLink(
  folders: ChainFolders,
  layers: Pick<LayerStorage, 'destroyLayer'>,
  chainId: Digest,
): Promise<boolean> {
  if (await folders.read(chainId)) return false;
  using held = tryLock(folders.lockOf(chainId), lockStatements.exclusive);
  // Whoever holds the lock is at it, or has made it by now.
  if (held === undefined || (await folders.read(chainId))) return false;
  await layers.destroyLayer(folders.dirOf(chainId));
  return true;
}

/** Destroys a whole link. The caller holds the exclusive lock of the store, so that nobody uses or makes one. */
export async function destroyLink(
  folders: ChainFolders,
  layers: Pick<LayerStorage, 'destroyLayer'>,
  { chainId, dir }: ChainLink,
): Promise<void> {
  // First, so that a crash leaves a folder that is swept, and not half a link.
  const marker = folders.markerOf(chainId);
  await withFailure('remove', marker, () => rm(marker, { force: true }));
  await layers.destroyLayer(dir);
}
