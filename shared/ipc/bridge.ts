import type { EventName, Events, Reply } from './contract.ts';

/**
 * What the page sees of its host, the same over Electron's IPC and over a WebSocket. It is the
 * smallest thing that can cross a context boundary; `Api` in renderer/api gives it types.
 */
export interface Bridge {
  invoke(channel: string, input: unknown, requestId?: string): Promise<Reply<unknown>>;
  /** Asks to stop a request that is under way; its reply is then a `cancelled` failure. */
  cancel(requestId: string): void;
  on(event: string, callback: (payload: unknown) => void): () => void;
}

/** One event with its payload, as it crosses the boundary. */
export type EventMessage = {
  readonly [E in EventName]: { readonly event: E; readonly payload: Events[E] };
}[EventName];

/** Frames of the WebSocket, JSON text. Electron's channels `request`, `cancel` and `events` carry the same. */
export type ClientFrame =
  | {
      readonly kind: 'request';
      readonly requestId: string;
      readonly channel: string;
      readonly input: unknown;
    }
  | { readonly kind: 'cancel'; readonly requestId: string };

export type ServerFrame =
  | { readonly kind: 'reply'; readonly requestId: string; readonly reply: Reply<unknown> }
  | { readonly kind: 'events'; readonly events: readonly EventMessage[] };
