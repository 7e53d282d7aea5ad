import { createBackend, type Backend } from '../ipc/backend.ts';
import { pathsOf } from '../ipc/handlers/build.ts';
import { noDialogs } from '../ipc/host.ts';
import { runEngine, type EngineParts } from './run-engine.ts';

export interface EngineProcess {
  readonly invitationFile: string;
  readonly storeDir: string;
  /** The folder that holds `resources` and `examples`. */
  readonly productDir: string;
  readonly version: string;
}

/**
 * The process that works with elevated rights for a window that has none: it answers that window alone, over the same
 * contract, and ends with it. Builds that still run are cancelled then. Fails as `runEngine` does.
 */
export async function runEngineProcess(
  { invitationFile, ...options }: EngineProcess,
  signal?: AbortSignal,
): Promise<void> {
  let backend: Backend | undefined;
  async function open(): Promise<EngineParts> {
    backend = await createBackend({ ...options, mode: 'serve', dialogs: noDialogs, roots: [] });
    return { handlers: trusting(backend), events: backend.events };
  }
  try {
    await runEngine(invitationFile, open, signal);
  } finally {
    await backend?.close();
  }
}

/** The window has checked that the person opened these folders, and it has proved to be the window. */
function trusting({ handlers, grants }: Backend): Backend['handlers'] {
  return {
    ...handlers,
    'build.start': async (request, signal) => {
      for (const file of pathsOf(request)) await grants.grant(file);
      return await handlers['build.start'](request, signal);
    },
  };
}
