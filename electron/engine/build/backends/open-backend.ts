import type { BackendChoice } from '../../../../shared/ipc/build-events.ts';
import type { Backend } from './backend.ts';
import type { HcsBackendDeps } from './hcs/hcs-backend.ts';
import type { HcsSupport } from './hcs/support.ts';
import { portableBackend } from './portable/portable-backend.ts';

/** The backend that was chosen. */
export async function openBackend(
  choice: BackendChoice,
  deps: HcsBackendDeps & { readonly hcs?: HcsSupport },
): Promise<Backend> {
  const { hcs } = deps;
  if (choice.backend === 'portable') return portableBackend(choice);
  if (!hcs) throw new Error('the hcs backend was chosen where nothing runs containers');
  // Loaded only where it can be used: it is a large part of the program.
  const { createHcsBackend } = await import('./hcs/hcs-backend.ts');
  return createHcsBackend(choice, hcs, deps);
}
