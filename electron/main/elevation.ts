import { launchElevated, findEngineProgram } from '../elevation/launch-elevated.ts';
import { startEngine } from '../elevation/start-engine.ts';
import { openLibraries } from '../engine/win32/libraries.ts';
import type { BackendOptions } from '../ipc/backend.ts';

interface Places {
  readonly os: NodeJS.Platform;
  /** Where Electron keeps what lies beside the archive. */
  readonly resourcesPath: string;
  readonly productDir: string;
  readonly storeDir: string;
}

/** How builds get an administrator's rights from this window: on Windows, where the engine's program is there. */
export function elevationOf({
  os,
  resourcesPath,
  productDir,
  storeDir,
}: Places): Pick<BackendOptions, 'elevate'> {
  if (os !== 'win32') return {};
  const program = findEngineProgram(resourcesPath, productDir);
  if (!program) return {};
  const launch = launchElevated(openLibraries().shell32, program, storeDir);
  return { elevate: async signal => await startEngine(launch, signal) };
}
