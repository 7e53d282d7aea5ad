import type { HostCapabilities } from '../../shared/ipc/host-views.ts';
import type { Host } from '../../shared/windows/host-compatibility.ts';
import type { HcsSupport } from '../engine/build/backends/hcs/support.ts';
import { hcsOfThisMachine } from '../engine/build/backends/hcs/this-machine.ts';
import type { Store } from '../engine/content/store.ts';
import { readCapabilities, type Rights } from '../engine/hcs/capabilities/capabilities.ts';

/** What this machine can do. */
export interface HostLook {
  /** Looked at anew; what is found is remembered for `hcs`. */
  capabilities(): Promise<HostCapabilities>;
  /** What runs containers, by a look of the last seconds; undefined on other systems than Windows. */
  hcs(rights: Rights): Promise<HcsSupport | undefined>;
}

interface Looked {
  readonly store: Store;
  readonly host: Host;
  readonly read?: typeof readCapabilities;
  /** In ms, from any start. */
  readonly now?: () => number;
}

/** A look takes a dozen calls of Windows, and is asked for with every change of the images and of the Dockerfile. */
const freshMs = 5000;

export function createHostLook({
  store,
  host,
  read = readCapabilities,
  now = () => performance.now(),
}: Looked): HostLook {
  let last: { readonly at: number; readonly found: Promise<HostCapabilities> } | undefined;
  async function look(): Promise<HostCapabilities> {
    const found = read({ host, storeDir: store.dir });
    last = { at: now(), found };
    return await found;
  }
  const recent = async (): Promise<HostCapabilities> =>
    last && now() - last.at < freshMs ? await last.found : await look();
  return {
    capabilities: look,
    hcs: async rights => await hcsOfThisMachine(store, host, rights, recent),
  };
}
