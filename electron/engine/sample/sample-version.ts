import { parseOsVersion, releaseOfBuild } from '../../../shared/windows/builds.ts';

export type SampleFamily = 'nanoserver' | 'servercore';
export type SampleArchitecture = 'amd64' | 'arm64';

/** Which Windows a sample layer stands in for. */
export interface SampleVersion {
  readonly family: SampleFamily;
  readonly architecture: SampleArchitecture;
  /** `10.0.20348.2849` */
  readonly text: string;
  readonly build: number;
  readonly revision: number;
  readonly productName: string;
  readonly installationType: string;
  /** `21H2`; empty where Windows has none. */
  readonly displayVersion: string;
  /** PATH as the SYSTEM hive has it. */
  readonly searchPath: string;
  /** When its files were made, in nanoseconds since 1970-01-01T00:00:00Z. */
  readonly time: bigint;
}

const displayVersions: ReadonlyMap<number, string> = new Map([
  [20348, '21H2'],
  [26100, '24H2'],
]);

const nanoPath = '%SystemRoot%\\system32;%SystemRoot%';
const corePath = `${nanoPath};%SystemRoot%\\System32\\Wbem;%SystemRoot%\\System32\\WindowsPowerShell\\v1.0\\`;

/** Describes a version; `created` is an ISO 8601 time. Throws RangeError where `text` is not of a server release. */
export function sampleVersion(
  family: SampleFamily,
  architecture: SampleArchitecture,
  { text, created }: { readonly text: string; readonly created: string },
): SampleVersion {
  const version = parseOsVersion(text);
  const release = version && releaseOfBuild(version.build, 'server');
  if (version?.revision === undefined || release === undefined) {
    throw new RangeError(`not a version of Windows Server: ${text}`);
  }
  return {
    family,
    architecture,
    text,
    build: version.build,
    revision: version.revision,
    productName: `${release.name} Datacenter`,
    installationType: family === 'nanoserver' ? 'Nano Server' : 'Server Core',
    displayVersion: displayVersions.get(version.build) ?? '',
    searchPath: family === 'nanoserver' ? nanoPath : corePath,
    time: BigInt(Date.parse(created)) * 1_000_000n,
  };
}
