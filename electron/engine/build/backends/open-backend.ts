import type { BackendChoice } from '../../../../shared/ipc/build-events.ts';
import type { Backend } from './backend.ts';
import { openHcsBackend, type HcsBackendDeps } from './hcs/hcs-backend.ts';
import type { HcsSupport } from './hcs/support.ts';
import { portableBackend } from './portable/portable-backend.ts';

/** Opens the backend that was chosen. Fails as `HcsSupport.open` does. */
export async function openBackend(
  choice: BackendChoice,
  deps: HcsBackendDeps & { readonly hcs?: HcsSupport },
): Promise<Backend> {
  const { hcs } = deps;
  if (choice.backend === 'portable') return portableBackend(choice);
  if (!hcs) throw new Error('the hcs backend was chosen where nothing runs containers');
  return await openHcsBackend(choice, hcs, deps);
}
