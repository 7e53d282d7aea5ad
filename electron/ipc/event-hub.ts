import type { EventMessage } from '../../shared/ipc/bridge.ts';
import type { EventName, Events } from '../../shared/ipc/contract.ts';

/** Where the engine tells what happened. */
export interface EventSink {
  emit<E extends EventName>(event: E, payload: Events[E]): void;
}

/** Passes every event to every client that listens. */
export interface EventHub extends EventSink {
  subscribe(listener: (message: EventMessage) => void): () => void;
}

export function createEventHub(): EventHub {
  const listeners = new Set<(message: EventMessage) => void>();
  return {
    emit(event, payload) {
      const message = { event, payload } as EventMessage;
      for (const listener of listeners) listener(message);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
