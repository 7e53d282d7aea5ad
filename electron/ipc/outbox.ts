import type { EventMessage } from '../../shared/ipc/bridge.ts';

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
  close(): void;
}

const intervalMs = 33;
/** Build events that may wait for one client. All else is bounded by the number of builds and tasks. */
const maxWaiting = 20_000;

/**
 * Sends events in batches, about 30 times a second at most. What is outdated by a later event of its
 * kind is not sent, so a build that prints a million lines costs a window 30 messages a second.
 */
export function createOutbox(wire: Wire): Outbox {
  let waiting = new Map<string, EventMessage>();
  let size = 0;
  let unique = 0;
  let timer: NodeJS.Timeout | undefined;

  function post(message: EventMessage): void {
    const key = keyOf(message) ?? `one-off ${++unique}`;
    const before = waiting.get(key);
    waiting.set(key, before === undefined ? message : merged(before, message));
    size += message.event === 'build.events' ? message.payload.events.length : 1;
    if (size > maxWaiting && !wire.ready()) return overflow();
    timer ??= setTimeout(flush, intervalMs);
  }

  function flush(): void {
    timer = undefined;
    if (waiting.size === 0) return;
    if (!wire.ready()) {
      timer = setTimeout(flush, intervalMs);
      return;
    }
    const batch = [...waiting.values()];
    waiting = new Map();
    size = 0;
    wire.send(batch);
  }

  function close(): void {
    clearTimeout(timer);
    waiting.clear();
  }

  function overflow(): void {
    close();
    wire.tooSlow();
  }

  return { post, close };
}

/** Events with the same key are merged; those without a key all count. */
function keyOf(message: EventMessage): string | undefined {
  switch (message.event) {
    case 'build.events':
    case 'build.logGrew':
      return `${message.event} ${message.payload.buildId}`;
    case 'task.progress':
      return `${message.event} ${message.payload.task}`;
    case 'app.command':
      return undefined;
    case 'builds.changed':
    case 'images.changed':
    case 'project.changed':
    case 'settings.changed':
      return message.event;
  }
}

function merged(before: EventMessage, after: EventMessage): EventMessage {
  if (before.event !== 'build.events' || after.event !== 'build.events') return after;
  const { buildId } = after.payload;
  return {
    event: 'build.events',
    payload: { buildId, events: [...before.payload.events, ...after.payload.events] },
  };
}
