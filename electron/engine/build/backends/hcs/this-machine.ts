import type { Host } from '../../../../../shared/windows/host-compatibility.ts';
import type { Store } from '../../../content/store.ts';
import {
  hyperVOf,
  readCapabilities,
  runProblems,
  type Rights,
} from '../../../hcs/capabilities/capabilities.ts';
import { createWindowsHost } from '../../../hcs/windows-host.ts';
import { createHcsSupport } from './create-support.ts';
import type { HcsSupport } from './support.ts';

/** What runs containers on this machine, looked at with `look`; undefined on other systems than Windows. Never fails. */
export async function hcsOfThisMachine(
  store: Store,
  host: Host,
  rights: Rights = 'own',
  look = async () => await readCapabilities({ host, storeDir: store.dir }),
): Promise<HcsSupport | undefined> {
  if (host.kind === 'other') return undefined;
  const capabilities = await look();
  return createHcsSupport({
    store,
    host,
    windows: createWindowsHost(),
    problems: runProblems(capabilities, rights),
    hyperV: hyperVOf(capabilities),
  });
}
