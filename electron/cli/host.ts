import { arch, release, version } from 'node:os';
import type { Host } from '../../shared/windows/host-compatibility.ts';
import { hostOf } from '../engine/catalogue/host.ts';

/** This machine as a container host. */
export function thisHost(): Host {
  return hostOf({
    platform: process.platform,
    release: release(),
    version: version(),
    architecture: arch(),
  });
}
