import type { AppInfo, Settings } from '../../shared/ipc/app-views.ts';
import type { BuildPlanView } from '../../shared/ipc/build-views.ts';

/** What builds next, in a word or two, and why. */
export interface NextBackend {
  readonly label: string;
  /** A sentence. */
  readonly reason: string;
  /** Nothing can build it here. */
  readonly isProblem?: true;
}

const labels = { portable: 'Portable backend', hcs: 'HCS backend' } as const;

/** Which backend the next build takes: by its plan, and without one by what is chosen and what this host has. */
export function nextBackend(
  plan: BuildPlanView | undefined,
  info: AppInfo,
  chosen: Settings['backend'],
): NextBackend | undefined {
  if (plan?.choice) {
    const { backend, reason } = plan.choice;
    return { label: labels[backend], reason: `The next build takes it: ${reason}` };
  }
  const isBuildable =
    plan !== undefined && plan.findings.every(({ severity }) => severity !== 'error');
  if (isBuildable && plan.stages.length > 0)
    return {
      label: 'No backend for this Dockerfile',
      reason: `${whyNone(info, chosen)} Choose for the pre-flight.`,
      isProblem: true,
    };
  const available = info.backends.filter(backend => backend.available);
  if (chosen === 'auto' && available.length > 1)
    return {
      label: 'Automatic backend',
      reason: 'HCS where a RUN needs it, else portable.',
    };
  const used = available.find(({ backend }) => backend === chosen) ?? available[0];
  return used && { label: labels[used.backend], reason: used.reason };
}

function whyNone(info: AppInfo, chosen: Settings['backend']): string {
  if (chosen === 'portable') return 'It runs programs, which the portable backend cannot.';
  const hcs = info.backends.find(({ backend }) => backend === 'hcs');
  const why = hcs && !hcs.available ? hcs.reason : 'No backend of this machine can do it.';
  return `It needs the HCS backend. ${why}`;
}
