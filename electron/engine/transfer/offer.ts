import { AppError } from '../../../shared/failure.ts';
import type { ConsideredImage } from '../../../shared/ipc/transfer-events.ts';
import type { Platform } from '../../../shared/oci/descriptor.ts';
import { formatPlatform, matchesPlatform } from '../../../shared/oci/platform.ts';
import { describeBuild } from '../../../shared/windows/builds.ts';
import { hostVerdict, type Host } from '../../../shared/windows/host-compatibility.ts';
import { bestForHost } from '../image/choose-for-host.ts';
import type { ImageCandidate } from '../image/select-image.ts';
import type { ImageChoice } from './transfers.ts';

/** What is taken of what an index offers. */
export interface Chosen {
  readonly images: readonly ImageCandidate[];
  readonly considered: readonly ConsideredImage[];
}

/** What a reference turned out to be. */
export interface Offer {
  readonly reference: string;
  readonly isIndex: boolean;
  readonly candidates: readonly ImageCandidate[];
}

/**
 * Chooses the images that are wanted, with the reason for each. A single image is taken as it is, unless a platform was
 * asked for that it is not. Throws `no-image-fits` with what is offered, what the host is, and what would work.
 */
export function chooseImages(offer: Offer, choice: ImageChoice): Chosen {
  const { candidates } = offer;
  if (choice.kind === 'all') {
    const considered = candidates.map(each => told(each, true, 'All images were asked for.'));
    return { images: candidates, considered };
  }
  const { host } = choice;
  const wanted = wantedPlatform(choice);
  const [only] = candidates;
  if (!offer.isIndex && choice.kind === 'host' && only !== undefined) {
    const { reason } = hostVerdict(only.platform, host);
    return { images: [only], considered: [told(only, true, reason)] };
  }
  const [first, ...others] = candidates.filter(
    each => matchesPlatform(each.platform, wanted) && runsSomehow(each, choice),
  );
  if (first === undefined) throw noImageFits(offer, wanted, host);
  const best = bestForHost([first, ...others], host);
  const considered = candidates.map(each =>
    told(each, each === best, reasonFor(each, { best, wanted, host })),
  );
  return { images: [best], considered };
}

function wantedPlatform(choice: Exclude<ImageChoice, { kind: 'all' }>): Platform {
  if (choice.kind === 'platform') return choice.platform;
  return { os: 'windows', architecture: choice.architecture };
}

/** Whoever names a platform may want it for another machine. */
function runsSomehow({ platform }: ImageCandidate, choice: ImageChoice): boolean {
  return choice.kind !== 'host' || hostVerdict(platform, choice.host).kind !== 'impossible';
}

function told(image: ImageCandidate, chosen: boolean, reason: string): ConsideredImage {
  const platform = formatPlatform(image.platform);
  return { digest: image.descriptor.digest, platform, chosen, reason };
}

function reasonFor(
  image: ImageCandidate,
  context: { readonly best: ImageCandidate; readonly wanted: Platform; readonly host: Host },
): string {
  const { best, wanted, host } = context;
  if (!matchesPlatform(image.platform, wanted)) return `Not for ${formatPlatform(wanted)}.`;
  const { reason, remedy } = hostVerdict(image.platform, host);
  if (image === best) return remedy === undefined ? reason : `${reason} ${remedy}`;
  return `${reason} ${formatPlatform(best.platform)} ${host.kind === 'windows' ? 'suits this host better' : 'is newer'}.`;
}

function noImageFits(offer: Offer, wanted: Platform, host: Host): AppError {
  const { reference, candidates } = offer;
  const offered = candidates.map(({ platform }) => ({
    platform: formatPlatform(platform),
    reason: matchesPlatform(platform, wanted)
      ? hostVerdict(platform, host).reason
      : `Not for ${formatPlatform(wanted)}.`,
  }));
  return new AppError({
    code: 'no-image-fits',
    reference,
    wanted: formatPlatform(wanted),
    host: hostName(host),
    offered,
    alternatives: alternatives(candidates, host).map(({ platform }) => formatPlatform(platform)),
  });
}

/** What runs here; else what is for Windows at all. */
function alternatives(
  candidates: readonly ImageCandidate[],
  host: Host,
): readonly ImageCandidate[] {
  const windows = candidates.filter(({ platform }) => platform.os === 'windows');
  const running = windows.filter(
    ({ platform }) => hostVerdict(platform, host).kind !== 'impossible',
  );
  return running.length > 0 ? running : windows;
}

function hostName(host: Host): string {
  return host.kind === 'windows' ? describeBuild(host.version.build, host.edition) : host.os;
}
