import path from 'node:path';
import { AppError } from '../../../../../shared/failure.ts';
import type { SavedFile } from '../../../../../shared/ipc/build-events.ts';
import type { Container, ProcessSpec } from '../../../hcs/host.ts';
import { containerEnv } from './container-env.ts';
import { endingOf } from './exit-code.ts';
import type { PreparedMounts } from './mounts/prepare-mounts.ts';
import type { Mask } from './output/mask.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';
import type { RunContext, RunWork } from './run-work.ts';
import { createVolume } from './volume.ts';
import { createInstallerLogs } from './watch/installer-logs.ts';
import { startMonitor, type Monitor } from './watch/monitor.ts';

/** A container in which the program of a step can run. */
export interface Started {
  readonly container: Container;
  readonly prepared: PreparedMounts;
  readonly mask: Mask;
  /** '' where the volume cannot be seen from here. */
  readonly volumePath: string;
}

export interface SavingContext extends RunContext {
  /** Is told of each file that was saved because the program failed. */
  readonly onSaved: (file: SavedFile) => void;
}

/** Runs the program of a step, watched. Fails with `run-failed` and `run-timeout`. */
export async function runInside(
  { container, prepared, mask, volumePath }: Started,
  { step, input, place: { report, stepId } }: RunWork,
  context: SavingContext,
  signal?: AbortSignal,
): Promise<void> {
  const { codePage } = context;
  const logs = createInstallerLogs({
    volume: createVolume(volumePath),
    codePage,
    mask,
    async sizeBefore(file) {
      const entry = await input.files.find(file).catch(() => undefined);
      return entry?.kind === 'file' ? entry.size : 0;
    },
  });
  const monitor = startMonitor({ container, volumePath, logs, report, mask });
  const spec: ProcessSpec = {
    commandLine: step.commandLine,
    workingDir: step.workingDir === '' ? 'C:\\' : step.workingDir,
    env: containerEnv(step.env, step.proxyEnv, prepared.env),
    user: step.user,
  };
  const options = {
    codePage,
    mask,
    timeoutSeconds: context.request.run.timeoutSeconds,
    onOutput(stream: 'stdout' | 'stderr', lines: readonly string[]) {
      monitor.heard();
      report.output(stream, lines);
    },
  };
  try {
    const note = noteOf(await runProgram(container, spec, options, signal));
    if (note !== undefined) report.note(note);
    await monitor.stop();
  } catch (error) {
    await monitor.stop();
    if (signal?.aborted !== true) await saveLogs(monitor, stepId, context);
    throw error;
  }
}

/** What there is to say about an end that counts as success. Fails with `run-failed` for any other. */
function noteOf({ exitCode, lastLines }: ProgramEnd): string | undefined {
  const ending = endingOf(exitCode, lastLines);
  if (ending.kind === 'failure') throw new AppError(ending.failure);
  return ending.note;
}

async function saveLogs(
  monitor: Monitor,
  stepId: string,
  { filesDir, onSaved }: SavingContext,
): Promise<void> {
  if (filesDir === undefined) return;
  // Logs that cannot be saved must not hide why the step failed.
  const saved = await monitor.saveLogs(path.join(filesDir, stepId)).catch(() => []);
  for (const file of saved) onSaved(file);
}
