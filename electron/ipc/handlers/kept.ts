import { open } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { fileNameProblem } from '../../../shared/windows/file-names.ts';
import type { KeptSteps } from '../../engine/build/backends/hcs/debug/kept-steps.ts';
import type { DebugSession } from '../../engine/build/backends/hcs/debug/session.ts';
import { withFailure } from '../../engine/content/file-system.ts';
import type { HandlersFor } from '../answer.ts';
import type { EventSink } from '../event-hub.ts';

interface KeptParts {
  readonly kept: KeptSteps;
  /** The folder of what was saved of a build's failed steps. */
  readonly filesDir: (buildId: string) => string;
  readonly events: EventSink;
}

type KeptChannel =
  | 'build.file'
  | 'kept.list'
  | 'kept.run'
  | 'kept.files'
  | 'kept.close'
  | 'kept.drop';

/** Of one file in one answer, in bytes. */
const mostShown = 1024 * 1024;

/** Disposing them ends the containers that are open. */
export type KeptHandlers = HandlersFor<KeptChannel> & AsyncDisposable;

/** What failed RUNs left: saved logs, and scratches that one can work in. */
export function keptHandlers(parts: KeptParts): KeptHandlers {
  const { kept, filesDir, events } = parts;
  const sessions = createSessions(kept);
  return {
    'build.file': async ({ buildId, stepId, name }) =>
      await readText(path.join(filesDir(safe(buildId)), safe(stepId), safe(name))),
    'kept.list': async () =>
      (await kept.list()).map(({ buildId, stepId, text, keptAt, workingDir }) => ({
        buildId,
        stepId,
        text,
        keptAt,
        workingDir,
      })),
    'kept.run': async ({ buildId, line }, signal) => {
      const session = await sessions.get(buildId);
      const exitCode = await session.run(
        line,
        (stream, lines) => events.emit('kept.output', { buildId, stream, lines }),
        signal,
      );
      return { exitCode, workingDir: session.workingDir };
    },
    'kept.files': async ({ buildId, folder }) => {
      const session = await sessions.get(buildId);
      return { entries: (await session.list(folder)) ?? [] };
    },
    'kept.close': async ({ buildId }) => {
      await sessions.close(buildId);
      return null;
    },
    'kept.drop': async ({ buildId }, signal) => {
      await sessions.close(buildId);
      await kept.drop(buildId, signal);
      events.emit('kept.changed', null);
      return null;
    },
    [Symbol.asyncDispose]: async () => await sessions.closeAll(),
  };
}

/** One container a build, started when it is first needed. */
function createSessions(kept: KeptSteps) {
  const open = new Map<string, Promise<DebugSession>>();
  async function close(buildId: string): Promise<void> {
    const session = open.get(buildId);
    open.delete(buildId);
    await (await session?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }
  return {
    async get(buildId: string): Promise<DebugSession> {
      const session = open.get(buildId) ?? kept.open(buildId);
      open.set(buildId, session);
      session.catch(() => open.delete(buildId));
      return await session;
    },
    close,
    closeAll: async () => await Promise.all([...open.keys()].map(close)).then(() => undefined),
  };
}

/** One name of a path: it comes from the page. */
function safe(name: string): string {
  if (fileNameProblem(name) === undefined) return name;
  throw new AppError({ code: 'bad-request', field: 'name', problem: 'is not the name of a file' });
}

async function readText(file: string): Promise<{ text: string; isCut: boolean }> {
  const handle = await withFailure('read', file, async () => await open(file));
  try {
    const buffer = Buffer.alloc(mostShown);
    const { bytesRead } = await handle.read(buffer, 0, mostShown, 0);
    const { size } = await handle.stat();
    return { text: buffer.toString('utf8', 0, bytesRead), isCut: size > bytesRead };
  } finally {
    await handle.close();
  }
}
