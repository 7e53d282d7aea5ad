import { explain } from '../../../shared/failure.ts';
import type { AppInfo, Settings } from '../../../shared/ipc/app-views.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import type { HostCapabilities } from '../../../shared/ipc/host-views.ts';
import { redact, type Person } from './redact.ts';

export interface DiagnosticsParts {
  readonly info: AppInfo;
  /** Versions of what runs us, as in process.versions. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly capabilities: HostCapabilities;
  readonly settings: Settings;
  /** Newest first. */
  readonly builds: readonly BuildSummary[];
  readonly person: Person;
}

const maxBuilds = 10;

/**
 * What somebody needs to know who is to help: versions, what the machine can do, settings, how the last builds ended.
 * Nothing of what is in images, Dockerfiles, logs, environment or sign-ins, and names of people are taken out.
 */
export function diagnosticsText(parts: DiagnosticsParts): string {
  const { info, versions, capabilities, settings, builds, person } = parts;
  const { node, electron, chrome } = versions;
  const { paneSizes: _layout, ...rest } = settings;
  const lines = [
    `Layerwright ${info.version} (${info.mode})`,
    `System: ${info.os}${info.hostBuild === undefined ? '' : ` ${info.hostBuild}`}`,
    `Node ${node ?? '-'}, Electron ${electron ?? '-'}, Chromium ${chrome ?? '-'}`,
    `Store: ${info.storeBytes} bytes in ${info.storeDir}`,
    '',
    capabilities.summary,
    ...capabilities.checks.map(({ state, title, found }) => `- ${state}: ${title}: ${found}`),
    '',
    'Settings',
    ...Object.entries(rest).map(([setting, value]) => `- ${setting}: ${JSON.stringify(value)}`),
    '',
    `Last builds (${Math.min(builds.length, maxBuilds)})`,
    ...builds.slice(0, maxBuilds).map(buildLine),
  ];
  return `${redact(lines.join('\n'), person)}\n`;
}

function buildLine({
  backend,
  status,
  steps,
  startedAt,
  finishedAt,
  failure,
}: BuildSummary): string {
  const took =
    finishedAt === undefined ? '' : `, ${((finishedAt - startedAt) / 1000).toFixed(1)} s`;
  const why = failure === undefined ? '' : `: ${failure.code}: ${explain(failure).message}`;
  return `- ${new Date(startedAt).toISOString()} ${backend} ${status}, ${steps} steps${took}${why}`;
}
