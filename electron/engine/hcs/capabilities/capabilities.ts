import type { HostCapabilities } from '../../../../shared/ipc/host-views.ts';
import type { Host } from '../../../../shared/windows/host-compatibility.ts';
import type { HyperV } from '../../../../shared/windows/isolation.ts';
import type { DllPaths } from '../../win32/dll.ts';
import { openLibraries } from '../../win32/libraries.ts';
import { judgeHost } from './checks.ts';
import { readHostFacts } from './read-facts.ts';

interface AskedMachine {
  readonly host: Host;
  readonly storeDir: string;
  readonly libraries?: DllPaths;
}

/** What this machine can do, as it is now. Never fails. */
export async function readCapabilities(machine: AskedMachine): Promise<HostCapabilities> {
  const libraries = openLibraries(machine.libraries);
  const nodeVersion = process.version;
  return judgeHost(await readHostFacts({ ...machine, libraries, nodeVersion }));
}

/** `own`: of this process; `asked`: those that Windows gives when it has asked the person. */
export type Rights = 'own' | 'asked';

const rightsChecks: ReadonlySet<string> = new Set(['elevation', 'privileges']);

/** What stands in the way of RUN. Empty where it works. */
export function runProblems(
  { checks }: HostCapabilities,
  rights: Rights = 'own',
): readonly RunProblem[] {
  return checks
    .filter(({ state }) => state === 'problem')
    .filter(({ check }) => rights === 'own' || !rightsChecks.has(check))
    .map(({ meaning, remedy }) => ({
      problem: meaning,
      ...(remedy ? { remedy: [remedy.text, remedy.command].filter(Boolean).join(' ') } : {}),
    }));
}

export interface RunProblem {
  readonly problem: string;
  readonly remedy?: string;
}

/** Whether Hyper-V can run containers, for the choice of the isolation. */
export function hyperVOf({ checks }: HostCapabilities): HyperV {
  const state = checks.find(({ check }) => check === 'hyper-v')?.state;
  if (state === 'ok') return 'available';
  return state === 'warning' ? 'missing' : 'unknown';
}
