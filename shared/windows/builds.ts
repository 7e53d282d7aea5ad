/** A Windows version such as 10.0.20348.5386. */
export interface WindowsVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  readonly revision?: number;
}

/** Reads `10.0.20348` or `10.0.20348.5386` (`os.version` of image-spec); undefined where it is neither. */
export function parseOsVersion(text: string): WindowsVersion | undefined {
  const match = /^(\d{1,5})\.(\d{1,5})\.(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const [, major, minor, build, revision] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    build: Number(build),
    ...(revision === undefined ? {} : { revision: Number(revision) }),
  };
}

export function formatOsVersion({ major, minor, build, revision }: WindowsVersion): string {
  return [major, minor, build, ...(revision === undefined ? [] : [revision])].join('.');
}

/** Orders from older to newer; a version without a revision stands before those that have one. */
export function compareOsVersions(one: WindowsVersion, other: WindowsVersion): number {
  return (
    one.major - other.major ||
    one.minor - other.minor ||
    one.build - other.build ||
    (one.revision ?? -1) - (other.revision ?? -1)
  );
}

type Channel = 'ltsc' | 'semi-annual' | 'annual' | 'general';

/** A release of Windows. Dates are ISO 8601 days. */
export interface WindowsRelease {
  readonly build: number;
  readonly edition: 'server' | 'client';
  readonly name: string;
  readonly channel: Channel;
  /** The tag that moves along with this release in Microsoft's base image repositories. */
  readonly imageTag?: string;
  readonly released: string;
  /** End of mainstream support, where it differs from the end of all support. */
  readonly mainstreamEnds?: string;
  /** The last day with security updates: extended support (server), Enterprise and Education editions (client). */
  readonly supportEnds: string;
  readonly source: string;
}

const serverDates =
  'https://learn.microsoft.com/windows/release-health/windows-server-release-info';
const semiAnnualDates =
  'https://learn.microsoft.com/lifecycle/products/windows-server-semiannual-channel';
const annualDates = 'https://learn.microsoft.com/lifecycle/products/windows-server-annual-channel';
const windows10Dates = 'https://learn.microsoft.com/windows/release-health/release-information';
const windows11Dates =
  'https://learn.microsoft.com/windows/release-health/windows11-release-information';

interface Row {
  readonly build: number;
  readonly version: string;
  readonly released: string;
  readonly supportEnds: string;
}

function ltsc(row: Row, year: number, mainstreamEnds: string): WindowsRelease {
  const { build, released, supportEnds } = row;
  return {
    build,
    edition: 'server',
    name: `Windows Server ${year}`,
    channel: 'ltsc',
    imageTag: `ltsc${year}`,
    released,
    mainstreamEnds,
    supportEnds,
    source: serverDates,
  };
}

function server(row: Row, channel: 'semi-annual' | 'annual'): WindowsRelease {
  const { version, ...rest } = row;
  const source = channel === 'annual' ? annualDates : semiAnnualDates;
  const name = `Windows Server, version ${version}`;
  return { ...rest, edition: 'server', name, channel, imageTag: version, source };
}

function client(row: Row, windows: 10 | 11): WindowsRelease {
  const { version, ...rest } = row;
  const source = windows === 10 ? windows10Dates : windows11Dates;
  const name = `Windows ${windows}, version ${version}`;
  return { ...rest, edition: 'client', name, channel: 'general', source };
}

const row = (build: number, version: string, released: string, supportEnds: string): Row => ({
  build,
  version,
  released,
  supportEnds,
});

/** Every release that can be a container host or a base image, oldest first. */
export const windowsReleases: readonly WindowsRelease[] = [
  ltsc(row(14393, '1607', '2016-10-15', '2027-01-12'), 2016, '2022-01-11'),
  server(row(16299, '1709', '2017-10-17', '2019-04-09'), 'semi-annual'),
  server(row(17134, '1803', '2018-04-30', '2019-11-12'), 'semi-annual'),
  ltsc(row(17763, '1809', '2018-11-13', '2029-01-09'), 2019, '2024-01-09'),
  client(row(17763, '1809', '2018-11-13', '2021-05-11'), 10),
  server(row(18362, '1903', '2019-05-21', '2020-12-08'), 'semi-annual'),
  client(row(18362, '1903', '2019-05-21', '2020-12-08'), 10),
  server(row(18363, '1909', '2019-11-12', '2021-05-11'), 'semi-annual'),
  client(row(18363, '1909', '2019-11-12', '2022-05-10'), 10),
  server(row(19041, '2004', '2020-05-27', '2021-12-14'), 'semi-annual'),
  client(row(19041, '2004', '2020-05-27', '2021-12-14'), 10),
  server(row(19042, '20H2', '2020-10-20', '2022-08-09'), 'semi-annual'),
  client(row(19042, '20H2', '2020-10-20', '2023-05-09'), 10),
  client(row(19043, '21H1', '2021-05-18', '2022-12-13'), 10),
  client(row(19044, '21H2', '2021-11-16', '2024-06-11'), 10),
  client(row(19045, '22H2', '2022-10-18', '2025-10-14'), 10),
  ltsc(row(20348, '21H2', '2021-08-18', '2031-10-14'), 2022, '2026-10-13'),
  client(row(22000, '21H2', '2021-10-04', '2024-10-08'), 11),
  client(row(22621, '22H2', '2022-09-20', '2025-10-14'), 11),
  client(row(22631, '23H2', '2023-10-31', '2026-11-10'), 11),
  server(row(25398, '23H2', '2023-10-24', '2025-10-24'), 'annual'),
  ltsc(row(26100, '24H2', '2024-11-01', '2034-11-14'), 2025, '2029-11-13'),
  client(row(26100, '24H2', '2024-10-01', '2027-10-12'), 11),
  client(row(26200, '25H2', '2025-09-30', '2028-10-10'), 11),
];

/** The release with this build number, or undefined. Builds 17763 to 19042 and 26100 have a server and a client one. */
export function releaseOfBuild(
  build: number,
  edition: WindowsRelease['edition'],
): WindowsRelease | undefined {
  return windowsReleases.find(release => release.build === build && release.edition === edition);
}

/** The release that a base image holds; images are always made of the server edition. */
export function releaseOfImage(osVersion: string): WindowsRelease | undefined {
  const version = parseOsVersion(osVersion);
  return version === undefined ? undefined : releaseOfBuild(version.build, 'server');
}

/** The build in words: `Windows Server 2022 (build 20348)`, or `build 20349` where no release has it. */
export function describeBuild(build: number, edition: WindowsRelease['edition']): string {
  const release = releaseOfBuild(build, edition);
  return release === undefined ? `build ${build}` : `${release.name} (build ${build})`;
}
