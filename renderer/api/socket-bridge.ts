import type { Bridge, ClientFrame, ServerFrame } from '../../shared/ipc/bridge.ts';
import type { Reply } from '../../shared/ipc/contract.ts';
import type { ConnectionState } from './api.ts';
import type { ConnectionSource } from './bridge-api.ts';
import { createListeners } from './listeners.ts';

/** Close code of electron/serve for a session that it does not know (any more). */
const sessionEnded = 4403;
const firstRetryMs = 250;
const lastRetryMs = 5000;
const lost: Reply<never> = { ok: false, failure: { code: 'connection-lost' } };
const cancelled: Reply<never> = { ok: false, failure: { code: 'cancelled' } };

/** Speaks the contract over a WebSocket, and connects again whenever the connection breaks. */
export function socketBridge(url: string): Bridge & ConnectionSource {
  const events = createListeners<unknown>();
  const states = createListeners<ConnectionState>();
  const pending = new Map<string, (reply: Reply<unknown>) => void>();
  /** Cancelled while there was no connection to send the request over. */
  const cancelledEarly = new Set<string>();
  let socket: WebSocket | undefined;
  let opened = Promise.withResolvers<boolean>();
  let retryMs = firstRetryMs;
  let requests = 0;

  function connect(): void {
    const current = new WebSocket(url);
    socket = current;
    current.addEventListener('open', () => {
      retryMs = firstRetryMs;
      opened.resolve(true);
      states.tell('state', 'connected');
    });
    current.addEventListener('message', message => receive(String(message.data)));
    current.addEventListener('close', event => closed(event.code));
  }

  function closed(code: number): void {
    opened.resolve(false);
    for (const settle of pending.values()) settle(lost);
    pending.clear();
    opened = Promise.withResolvers<boolean>();
    if (code === sessionEnded) {
      opened.resolve(false);
      return states.tell('state', 'refused');
    }
    states.tell('state', 'lost');
    setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  }

  function receive(text: string): void {
    // The host is trusted: its frames are typed and not checked.
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.kind === 'events') {
      for (const { event, payload } of frame.events) events.tell(event, payload);
      return;
    }
    pending.get(frame.requestId)?.(frame.reply);
    pending.delete(frame.requestId);
  }

  function send(frame: ClientFrame): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  async function invoke(channel: string, input: unknown, requestId = `auto-${++requests}`) {
    if (!(await opened.promise)) return lost;
    if (cancelledEarly.delete(requestId)) return cancelled;
    const reply = Promise.withResolvers<Reply<unknown>>();
    pending.set(requestId, reply.resolve);
    send({ kind: 'request', requestId, channel, input });
    return reply.promise;
  }

  connect();
  return {
    invoke,
    cancel(requestId) {
      if (pending.has(requestId)) send({ kind: 'cancel', requestId });
      else cancelledEarly.add(requestId);
    },
    on: (event, callback) => events.add(event, callback),
    onConnection: listener => states.add('state', listener),
  };
}
