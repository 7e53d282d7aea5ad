import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { EventPage } from '../../../shared/ipc/build-views.ts';
import { fileFailure } from '../content/file-system.ts';
import { createAppendFile } from './log/append-file.ts';

/** Keeps the events of one build, one line of JSON each. Output lines are in the log instead. */
export interface EventWriter {
  /** Throws AppError `disk-full` or `file-system`. */
  append(event: BuildEvent): void;
  close(): void;
}

/** Starts the file of events in `buildDir`, which must not have one yet. */
export function createEventWriter(buildDir: string): EventWriter {
  const file = createAppendFile(eventFile(buildDir));
  return {
    append(event) {
      if (event.kind !== 'step-output') file.append(Buffer.from(`${JSON.stringify(event)}\n`));
    },
    close: () => file.close(),
  };
}

/** At most `limit` of the events from number `fromSeq` on. A line that a crash cut off is no event. */
export async function readEvents(
  buildDir: string,
  fromSeq: number,
  limit: number,
): Promise<EventPage> {
  const events: BuildEvent[] = [];
  try {
    const input = createReadStream(eventFile(buildDir), 'utf8');
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const event = parseEvent(line);
      if (event === undefined) break;
      if (event.seq >= fromSeq) events.push(event);
      if (events.length === limit) break;
    }
    input.destroy();
  } catch (error) {
    throw fileFailure(error, 'read', eventFile(buildDir));
  }
  return { events, nextSeq: (events.at(-1)?.seq ?? fromSeq - 1) + 1 };
}

function eventFile(buildDir: string): string {
  return path.join(buildDir, 'events.jsonl');
}

/** We wrote the file ourselves: a line is whole, or it is the one that a crash cut off. */
function parseEvent(line: string): BuildEvent | undefined {
  try {
    return JSON.parse(line) as BuildEvent;
  } catch {
    return undefined;
  }
}
