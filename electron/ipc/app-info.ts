import type { AppInfo } from '../../shared/ipc/app-views.ts';
import { formatOsVersion } from '../../shared/windows/builds.ts';
import type { Host } from '../../shared/windows/host-compatibility.ts';
import type { HcsSupport } from '../engine/build/backends/hcs/support.ts';
import type { Store } from '../engine/content/store.ts';

interface InfoParts {
  readonly mode: AppInfo['mode'];
  readonly version: string;
  readonly store: Store;
  readonly host: Host;
  /** What runs containers here, with the rights that builds have. */
  readonly hcs: HcsSupport | undefined;
}

/** What the app is and where it runs. */
export async function appInfo({ mode, version, store, host, hcs }: InfoParts): Promise<AppInfo> {
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
      hcsBackend(host, hcs),
    ],
    storeDir: store.dir,
    storeBytes,
  };
}

function hcsBackend(host: Host, hcs: HcsSupport | undefined): AppInfo['backends'][number] {
  const problems = hcs?.problems() ?? [
    {
      problem: `RUN needs Windows with the Containers feature; this is ${host.kind === 'other' ? host.os : 'Windows'}.`,
    },
  ];
  const reason = problems.map(({ problem }) => problem).join(' ');
  return problems.length > 0
    ? { backend: 'hcs', available: false, reason }
    : {
        backend: 'hcs',
        available: true,
        reason: 'Builds everything, RUN included, in containers.',
      };
}
