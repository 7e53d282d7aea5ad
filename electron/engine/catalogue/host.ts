import { arch, release, version as osVersion } from 'node:os';
import { parseOsVersion } from '../../../shared/windows/builds.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';

/** What Node tells of the machine: `process.platform`, `os.release()`, `os.version()`, `process.arch`. */
export interface MachineFacts {
  readonly platform: string;
  /** `10.0.20348` on Windows. */
  readonly release: string;
  /** The product name on Windows, such as `Windows Server 2022 Datacenter`. */
  readonly version: string;
  readonly architecture: string;
}

const systemNames: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS' };

/** The machine as a container host. */
export function hostOf({ platform, release, version, architecture }: MachineFacts): Host {
  const parsed = platform === 'win32' ? parseOsVersion(release) : undefined;
  if (parsed === undefined) return { kind: 'other', os: systemNames[platform] ?? platform };
  return {
    kind: 'windows',
    version: parsed,
    edition: /\bServer\b/.test(version) ? 'server' : 'client',
    // GOARCH, as image configs have it.
    architecture: architecture === 'x64' ? 'amd64' : architecture,
  };
}

/** This machine as a container host. */
export function thisHost(): Host {
  return hostOf({
    platform: process.platform,
    release: release(),
    version: osVersion(),
    architecture: arch(),
  });
}
