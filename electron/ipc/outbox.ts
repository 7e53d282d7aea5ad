import type { EventMessage } from '../../shared/ipc/bridge.ts';
import type { BuildEvent } from '../../shared/ipc/build-events.ts';

/** How a transport takes events. */
export interface Wire {
  send(events: readonly EventMessage[]): void;
  /** False while the client has not taken what was sent before. */
  ready(): boolean;
  /** The client does not keep up. It has to connect anew and to read again what it missed. */
  tooSlow(): void;
}

export interface Outbox {
  post(message: EventMessage): void;
  /** Sends what the answer to a request must not overtake: what a shell has said. */
  beforeReply(): void;
  close(): void;
}

const intervalMs = 33;
/** Build events, commands and lines of a shell that may wait for one client; all else is bounded by the number of tasks. */
const maxWaiting = 20_000;

/**
 * Sends events in batches, about 30 times a second at most. What is outdated by a later event of its
 * kind is not sent, so a build that prints a million lines costs a window 30 messages a second.
 */
export function createOutbox(wire: Wire): Outbox {
  let waiting = createBatch();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function post(message: EventMessage): void {
    if (closed) return;
    waiting.add(message);
    if (waiting.size() > maxWaiting && !wire.ready()) {
      close();
      return wire.tooSlow();
    }
    timer ??= setTimeout(flush, intervalMs);
  }

  function flush(): void {
    timer = undefined;
    if (!wire.ready()) {
      timer = setTimeout(flush, intervalMs);
      return;
    }
    const batch = waiting.messages();
    waiting = createBatch();
    wire.send(batch);
  }

  function beforeReply(): void {
    if (!waiting.hasOutput() || !wire.ready()) return;
    clearTimeout(timer);
    flush();
  }

  function close(): void {
    closed = true;
    clearTimeout(timer);
    waiting = createBatch();
  }

  return { post, beforeReply, close };
}

/** The events that wait: those of builds one after another, of everything else the last one of each kind. */
function createBatch() {
  const buildEvents = new Map<string, BuildEvent[]>();
  const others = new Map<string, EventMessage>();
  let size = 0;
  let hasOutput = false;

  return {
    size: () => size,
    hasOutput: () => hasOutput,
    add(message: EventMessage): void {
      if (message.event === 'kept.output') hasOutput = true;
      if (message.event !== 'build.events') {
        const key = keyOf(message) ?? `one of ${++size}`;
        others.set(key, message);
        return;
      }
      const { buildId, events } = message.payload;
      const before = buildEvents.get(buildId) ?? [];
      buildEvents.set(buildId, before);
      for (const event of events) before.push(event);
      size += events.length;
    },
    messages(): EventMessage[] {
      const builds = [...buildEvents].map(([buildId, events]): EventMessage => ({
        event: 'build.events',
        payload: { buildId, events },
      }));
      return [...builds, ...others.values()];
    },
  };
}

const allCount: ReadonlySet<EventMessage['event']> = new Set([
  'app.command',
  'image.archiveWanted',
  'kept.output',
]);

/** Of events with the same key only the last one counts; those without a key all count. */
function keyOf(message: Exclude<EventMessage, { event: 'build.events' }>): string | undefined {
  const { event } = message;
  if (allCount.has(event)) return undefined;
  const about = subjectOf(message);
  return about === undefined ? event : `${event} ${about}`;
}

/** What an event is about, where there are several such things. */
function subjectOf(message: EventMessage): string | undefined {
  switch (message.event) {
    case 'build.logGrew':
      return message.payload.buildId;
    case 'task.progress':
      return message.payload.task;
    case 'pipeline.changed':
      return message.payload.pipelineId;
    case 'transfer.changed':
      return message.payload.transfer.transferId;
    default:
      return undefined;
  }
}
