import { AppError } from '../../../../shared/failure.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';
import { chainIds, type ImageLayer } from '../../../../shared/oci/layer-chain.ts';
import type { Store } from '../../content/store.ts';
import { digestOf } from '../../content/verified.ts';
import type { LayerIndex } from '../../layer/layer-index.ts';
import type { LayerIndexes } from '../../layer/layer-indexes.ts';
import type { WindowsHost } from '../host.ts';
import { adoptStaged } from './adopt.ts';
import type { ChainFolders } from './chain-folders.ts';
import { createLinkWork, reporter, type LinkPlace, type ReportLink } from './chain-work.ts';
import type { AdoptedStep, ChainLink, ChainWork, LayerChain } from './chain.ts';
import { makeLink } from './make-link.ts';
import { checkLayer, unpackLayer, type UnpackedLayer, type UnpackSources } from './unpack-layer.ts';

/** What a chain store works with. */
export interface ChainStoreOptions {
  readonly host: Pick<WindowsHost, 'files' | 'layers'>;
  readonly store: Pick<Store, 'dir' | 'blobs' | 'newScratchPath'>;
  readonly indexes: Pick<LayerIndexes, 'get'>;
}

/** The two ways in which links come to be: see `ChainStore`. */
export interface LinkMakers {
  unpack(layersBaseFirst: readonly ImageLayer[], work: ChainWork): Promise<LayerChain>;
  adopt(step: AdoptedStep, work: ChainWork): Promise<LayerChain>;
}

/** Makes links in `folders`. */
export function createLinkMakers(
  folders: ChainFolders,
  { host, store, indexes }: ChainStoreOptions,
): LinkMakers {
  const linkWork = createLinkWork();
  const newScratchPath = () => store.newScratchPath();
  const sources: UnpackSources = { host, blobs: store.blobs, indexes, newScratchPath };

  function unpackLink(
    { place, unpacked, index }: MissingLink,
    report: ReportLink,
    signal: AbortSignal,
  ): Promise<void> {
    const { layer, parentsNearestFirst } = unpacked;
    const build = async () => {
      await unpackLayer(sources, unpacked, { report, index }, signal);
      return { diffId: layer.diffId, bytes: index.uncompressedSize };
    };
    const link = { chainId: place.chainId, parentsNearestFirst, build };
    return makeLink(folders, host.layers, link, signal);
  }

  return {
    async unpack(layersBaseFirst, work) {
      const links = wantedLinks(folders, layersBaseFirst);
      // All are checked before the first is unpacked: that may take minutes, and be for nothing.
      const missing: MissingLink[] = [];
      for (const link of links) {
        if (await folders.read(link.place.chainId)) continue;
        missing.push({ ...link, index: await checkLink(sources, link, work) });
      }
      for (const link of missing) {
        const make = (report: ReportLink, signal: AbortSignal) => unpackLink(link, report, signal);
        await linkWork(link.place, make, work);
      }
      await folders.touch(links.map(({ place }) => place.chainId).toReversed());
      return chainOf(links);
    },

    async adopt({ stagedDir, parentChainId, diffId }, work) {
      const ancestors = await ancestorsOf(folders, parentChainId);
      const [, chainId = diffId] = chainIds([parentChainId, diffId], digestOf);
      const layerDir = folders.dirOf(chainId);
      const parentsNearestFirst = ancestors.map(({ dir }) => dir);
      const target = { diffId, layerDir, stagedDir, parentsNearestFirst };
      const place = { layerIndex: ancestors.length, layerCount: ancestors.length + 1 };
      // Not shared with others who adopt the same: each has a folder of its own, which may go when it is cancelled.
      const report = reporter(place, work);
      const build = async () => ({
        diffId,
        bytes: await adoptStaged(target, host, report, work.signal),
      });
      await makeLink(folders, host.layers, { chainId, parentsNearestFirst, build }, work.signal);
      await folders.touch([chainId, ...ancestors.map(ancestor => ancestor.chainId)]);
      return { chainId, layerDirsNearestFirst: [layerDir, ...parentsNearestFirst] };
    },
  };
}

/** A layer that somebody wants on disk, and where it goes. */
interface WantedLink {
  readonly place: LinkPlace;
  readonly unpacked: UnpackedLayer;
}

interface MissingLink extends WantedLink {
  readonly index: LayerIndex;
}

function wantedLinks(
  folders: ChainFolders,
  layersBaseFirst: readonly ImageLayer[],
): readonly WantedLink[] {
  const ids = chainIds(
    layersBaseFirst.map(({ diffId }) => diffId),
    digestOf,
  );
  const dirs = ids.map(chainId => folders.dirOf(chainId));
  return layersBaseFirst.map((layer, layerIndex) => {
    const chainId = ids[layerIndex] ?? layer.diffId;
    const parentsNearestFirst = dirs.slice(0, layerIndex).toReversed();
    return {
      place: { chainId, layerIndex, layerCount: ids.length },
      unpacked: { layer, layerDir: folders.dirOf(chainId), parentsNearestFirst },
    };
  });
}

function checkLink(
  sources: UnpackSources,
  { place, unpacked }: WantedLink,
  work: ChainWork,
): Promise<LayerIndex> {
  return checkLayer(sources, unpacked, reporter(place, work), work.signal);
}

function chainOf(links: readonly WantedLink[]): LayerChain {
  const last = links.at(-1);
  if (!last) throw new RangeError('a chain has no layers');
  const { layerDir, parentsNearestFirst } = last.unpacked;
  return {
    chainId: last.place.chainId,
    layerDirsNearestFirst: [layerDir, ...parentsNearestFirst],
  };
}

/** The chain that ends in `chainId`, nearest first. */
async function ancestorsOf(folders: ChainFolders, chainId: Digest): Promise<readonly ChainLink[]> {
  const nearestFirst: ChainLink[] = [];
  for (let next: Digest | undefined = chainId; next !== undefined;) {
    const link: ChainLink | undefined = await folders.read(next);
    if (!link) throw new AppError({ code: 'chain-missing', chainId: next });
    nearestFirst.push(link);
    next = link.parentChainId;
  }
  return nearestFirst;
}
