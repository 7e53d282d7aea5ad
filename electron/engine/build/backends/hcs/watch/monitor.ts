import type { Container } from '../../../../hcs/host.ts';
import { formatBytes } from '../../../../../../shared/format-bytes.ts';
import type { SavedFile } from '../../../../../../shared/ipc/build-events.ts';
import type { StepReport } from '../../../event-stream.ts';
import type { Mask } from '../output/mask.ts';
import { watchFiles } from './changed-files.ts';
import type { InstallerLogs } from './installer-logs.ts';

/** Shows that a program that says nothing is alive, and what the logs of installers say. */
export interface Monitor {
  /** The program has said something. */
  heard(): void;
  /** Looks a last time and stops. */
  stop(): Promise<void>;
  /** Writes copies of the installers' logs into the folder `dir`. */
  saveLogs(dir: string): Promise<readonly SavedFile[]>;
}

export interface MonitorOptions {
  readonly container: Pick<Container, 'statistics'>;
  /** '' where the volume cannot be seen from here. */
  readonly volumePath: string;
  readonly logs: InstallerLogs;
  readonly report: StepReport;
  readonly mask: Mask;
  /** How often to look, in ms. */
  readonly intervalMs?: number;
}

const defaultIntervalMs = 2000;
/** After so many quiet looks the log says that the program is alive, and again after twice as many. */
const looksBeforeNote = 15;

export function startMonitor(options: MonitorOptions): Monitor {
  const { volumePath, logs, report, mask } = options;
  const files = volumePath === '' ? undefined : watchFiles(volumePath, path => logs.changed(path));
  let quietLooks = 0;
  let nextNote = looksBeforeNote;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    for (const line of await logs.look()) report.note(line);
    quietLooks += 1;
    if (quietLooks < 2) return;
    const { cpuMs, bytesWritten } = await options.container.statistics();
    const last = files?.last();
    const detail = mask(
      [
        `CPU ${(cpuMs / 1000).toFixed(1)} s`,
        `${formatBytes(bytesWritten)} written`,
        ...(last === undefined ? [] : [`last C:\\${last.replaceAll('/', '\\')}`]),
      ].join(', '),
    );
    report.progress({ phase: 'run', current: bytesWritten, unit: 'bytes', detail });
    if (quietLooks < nextNote) return;
    nextNote *= 2;
    report.note(`Still running: ${detail}`);
  }
  const timer = setInterval(() => {
    // One look at a time; what it cannot find out it leaves out.
    looking ??= look()
      .catch(() => undefined)
      .finally(() => (looking = undefined));
  }, options.intervalMs ?? defaultIntervalMs);
  return {
    heard() {
      quietLooks = 0;
      nextNote = looksBeforeNote;
    },
    async stop() {
      clearInterval(timer);
      await looking;
      for (const line of await logs.look().catch(() => [])) report.note(line);
      files?.[Symbol.dispose]();
    },
    saveLogs: async dir => await logs.save(dir),
  };
}
