import type { AppInfo } from '../../shared/ipc/app-views.ts';
import { formatOsVersion } from '../../shared/windows/builds.ts';
import type { Host } from '../../shared/windows/host-compatibility.ts';
import type { Store } from '../engine/content/store.ts';

interface InfoParts {
  readonly mode: AppInfo['mode'];
  readonly version: string;
  readonly store: Store;
  readonly host: Host;
}

/** What the app is and where it runs. */
export async function appInfo({ mode, version, store, host }: InfoParts): Promise<AppInfo> {
  let storeBytes = 0;
  for await (const { size } of store.blobs.list()) storeBytes += size;
  return {
    version,
    mode,
    os: process.platform,
    ...(host.kind === 'windows' ? { hostBuild: formatOsVersion(host.version) } : {}),
    dialogs: mode === 'electron',
    backends: [
      { backend: 'portable', available: true, reason: 'Builds all but RUN, on every system.' },
      { backend: 'hcs', available: false, reason: hcsReason(host) },
    ],
    storeDir: store.dir,
    storeBytes,
  };
}

function hcsReason(host: Host): string {
  return host.kind === 'windows'
    ? 'This version builds with the portable backend only.'
    : `RUN needs Windows with the Containers feature; this is ${host.os}.`;
}
