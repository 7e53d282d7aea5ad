import type { AppInfo } from '../../shared/ipc/app-views.ts';
import { formatOsVersion } from '../../shared/windows/builds.ts';
import type { Host } from '../../shared/windows/host-compatibility.ts';
import { hcsOfThisMachine } from '../engine/build/backends/hcs/this-machine.ts';
import type { Rights } from '../engine/hcs/capabilities/capabilities.ts';
import type { Store } from '../engine/content/store.ts';

interface InfoParts {
  readonly mode: AppInfo['mode'];
  readonly version: string;
  readonly store: Store;
  readonly host: Host;
  /** Whose rights builds have. */
  readonly rights: Rights;
}

/** What the app is and where it runs. */
export async function appInfo({ mode, version, store, host, rights }: InfoParts): Promise<AppInfo> {
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
      await hcsBackend(host, store, rights),
    ],
    storeDir: store.dir,
    storeBytes,
  };
}

async function hcsBackend(
  host: Host,
  store: Store,
  rights: Rights,
): Promise<AppInfo['backends'][number]> {
  const hcs = await hcsOfThisMachine(store, host, rights);
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
