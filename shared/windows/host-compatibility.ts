import type { Platform } from '../oci/descriptor.ts';
import {
  compareOsVersions,
  describeBuild,
  parseOsVersion,
  windowsReleases,
  type WindowsVersion,
} from './builds.ts';

/** The machine that is to run a container. `features` are the `os.features` it offers, such as `win32k`. */
export type Host =
  | {
      readonly kind: 'windows';
      readonly version: WindowsVersion;
      readonly edition: 'server' | 'client';
      readonly architecture: string;
      readonly features?: readonly string[];
    }
  /** `os` as people write it: `Linux`, `macOS`. */
  | { readonly kind: 'other'; readonly os: string };
type WindowsHost = Extract<Host, { kind: 'windows' }>;

/** How a host can run an image, and why. */
export interface HostVerdict {
  readonly kind: 'process' | 'hyperv-only' | 'impossible' | 'unknown' | 'not-windows';
  readonly reason: string;
  readonly remedy?: string;
}

/** From here on the ABI between user mode and kernel is stable (hcsshim osversion: compatLTSCReleases). */
const stableAbiBuild = 20_348;
/** The first client build with process isolation (Windows 10, version 1809). */
const clientProcessBuild = 17_763;
const hyperVCommand = 'docker run --isolation=hyperv';

/** The oldest image build that runs with process isolation on a host of this build (hcsshim CheckHostAndContainerCompat). */
export function oldestProcessBuild(hostBuild: number): number {
  if (hostBuild < stableAbiBuild) return hostBuild;
  const earlierLtsc = windowsReleases
    .filter(({ channel, build }) => channel === 'ltsc' && build >= stableAbiBuild)
    .map(({ build }) => build)
    .filter(build => build < hostBuild);
  return Math.max(stableAbiBuild, ...earlierLtsc);
}

/** Whether and how `host` can run the image of this platform. */
export function hostVerdict(image: Platform, host: Host): HostVerdict {
  const version = parseOsVersion(image['os.version'] ?? '');
  if (host.kind === 'other') return elsewhere(image, version, host.os);
  if (image.os !== 'windows') {
    return impossible(`This is an image for ${image.os}; a Windows host runs Windows images.`);
  }
  if (image.architecture !== host.architecture) {
    return impossible(
      `The image is made for ${image.architecture}, this host is ${host.architecture}.`,
      `Choose an image for ${host.architecture}.`,
    );
  }
  const lacking = missingFeature(image, host);
  if (lacking !== undefined) {
    return impossible(`The image needs the OS feature ${lacking}, which this host does not offer.`);
  }
  if (version === undefined) {
    return {
      kind: 'unknown',
      reason: 'The image does not say for which Windows build it was made (no os.version).',
    };
  }
  return verdictOfBuilds(version, host);
}

function verdictOfBuilds(image: WindowsVersion, host: WindowsHost): HostVerdict {
  const hostName = describeBuild(host.version.build, host.edition);
  const imageName = describeBuild(image.build, 'server');
  if (image.major !== host.version.major || image.minor !== host.version.minor) {
    return impossible(`The image is of another generation of Windows than ${hostName}.`);
  }
  if (image.build > host.version.build) {
    return impossible(
      `The image, ${imageName}, is newer than this host, ${hostName}.`,
      `Choose an image of build ${host.version.build} or older, or a newer host.`,
    );
  }
  const oldest = oldestProcessBuild(host.version.build);
  if (image.build < oldest) return hyperVOnly(imageName, hostName, oldest, host.version.build);
  if (host.edition === 'client' && host.version.build < clientProcessBuild) {
    return {
      kind: 'hyperv-only',
      reason: `${hostName} has no process isolation.`,
      remedy: `Run it with ${hyperVCommand}.`,
    };
  }
  return { kind: 'process', reason: processReason(image, host, hostName) };
}

function hyperVOnly(image: string, host: string, oldest: number, newest: number): HostVerdict {
  const range = oldest === newest ? `build ${oldest}` : `a build from ${oldest} to ${newest}`;
  return {
    kind: 'hyperv-only',
    reason: `The image, ${image}, is too old for process isolation on ${host}: that needs ${range}.`,
    remedy: `Run it with ${hyperVCommand}, or choose a base of ${range}.`,
  };
}

function processReason(image: WindowsVersion, host: WindowsHost, hostName: string): string {
  if (image.build === host.version.build) {
    const onClient = host.edition === 'client' ? ' On client Windows this is for development.' : '';
    return `The image has the build of this host, ${hostName}.${onClient}`;
  }
  const base = `${describeBuild(image.build, 'server')} runs on ${hostName}, which keeps its ABI.`;
  return host.edition === 'client' ? `${base} On client Windows this is a preview.` : base;
}

function elsewhere(image: Platform, version: WindowsVersion | undefined, os: string): HostVerdict {
  if (image.os !== 'windows') {
    return { kind: 'not-windows', reason: `This is an image for ${image.os}, not for Windows.` };
  }
  const start = `${os} cannot run Windows containers; the image can be built and inspected here.`;
  if (version === undefined) return { kind: 'not-windows', reason: start };
  const hosts = windowsReleases
    .filter(({ build, edition }) => edition === 'server' && runsOn(version.build, build))
    .map(({ name }) => name);
  const withHyperV = `with Hyper-V isolation on any host of build ${version.build} or newer.`;
  const where =
    hosts.length === 0
      ? ` It runs ${withHyperV}`
      : ` It runs with process isolation on ${hosts.join('; ')}; and ${withHyperV}`;
  return { kind: 'not-windows', reason: start + where };
}

function runsOn(imageBuild: number, hostBuild: number): boolean {
  return imageBuild <= hostBuild && imageBuild >= oldestProcessBuild(hostBuild);
}

function missingFeature(image: Platform, host: WindowsHost): string | undefined {
  const offered = new Set(host.features ?? ['win32k']);
  return image['os.features']?.find(feature => !offered.has(feature));
}

function impossible(reason: string, remedy?: string): HostVerdict {
  return { kind: 'impossible', reason, ...(remedy === undefined ? {} : { remedy }) };
}

/** An entry of an index with the verdict on it. */
export interface RankedCandidate<T> {
  readonly candidate: T;
  readonly verdict: HostVerdict;
}

/**
 * Puts the entries of an index in the order in which `host` should take them: the build of the host with the highest
 * revision, then what runs with process isolation from new to old, then what needs Hyper-V, then what does not say
 * its version, then what cannot run. A host that is not Windows has no preference: the index' own order stays.
 */
export function rankForHost<T extends { readonly platform?: Platform | undefined }>(
  candidates: readonly T[],
  host: Host,
): RankedCandidate<T>[] {
  const ranked = candidates.map(candidate => {
    const platform = candidate.platform ?? { os: 'unknown', architecture: 'unknown' };
    return { candidate, platform, verdict: hostVerdict(platform, host) };
  });
  if (host.kind === 'windows') {
    ranked.sort(
      (one, other) =>
        rankOf(one, host) - rankOf(other, host) || newerFirst(one.platform, other.platform),
    );
  }
  return ranked.map(({ candidate, verdict }) => ({ candidate, verdict }));
}

const noVersion: WindowsVersion = { major: 0, minor: 0, build: 0 };
const kindRanks = { process: 1, 'hyperv-only': 2, unknown: 3, impossible: 4, 'not-windows': 5 };

function rankOf(
  { platform, verdict }: { platform: Platform; verdict: HostVerdict },
  host: WindowsHost,
): number {
  const build = parseOsVersion(platform['os.version'] ?? '')?.build;
  const isSameBuild = verdict.kind === 'process' && build === host.version.build;
  return isSameBuild ? 0 : kindRanks[verdict.kind];
}

/** What says no version counts as the oldest. */
function newerFirst(one: Platform, other: Platform): number {
  const [mine = noVersion, theirs = noVersion] = [one, other].map(platform =>
    parseOsVersion(platform['os.version'] ?? ''),
  );
  return compareOsVersions(theirs, mine);
}
