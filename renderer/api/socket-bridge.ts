import type { Bridge, ClientFrame, ServerFrame } from '../../shared/ipc/bridge.ts';
import type { Reply } from '../../shared/ipc/contract.ts';
import type { ConnectionState } from './api.ts';
import type { ConnectionSource } from './bridge-api.ts';
import { createListeners } from './listeners.ts';
import { steadySocket } from './steady-socket.ts';

const lost: Reply<never> = { ok: false, failure: { code: 'connection-lost' } };
const cancelled: Reply<never> = { ok: false, failure: { code: 'cancelled' } };

/** Speaks the contract over a WebSocket. What is under way when the connection breaks fails with `connection-lost`. */
export function socketBridge(url: string): Bridge & ConnectionSource {
  const events = createListeners<unknown>();
  const states = createListeners<ConnectionState>();
  const pending = new Map<string, (reply: Reply<unknown>) => void>();
  /** Cancelled while there was no connection to send the request over. */
  const cancelledEarly = new Set<string>();
  const socket = steadySocket(url, { onText: receive, onState: changed });
  let requests = 0;

  function changed(state: ConnectionState): void {
    if (state !== 'connected') {
      for (const settle of pending.values()) settle(lost);
      pending.clear();
    }
    states.tell('state', state);
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
    socket.send(JSON.stringify(frame));
  }

  async function invoke(channel: string, input: unknown, requestId = `auto-${++requests}`) {
    if (!(await socket.isOpen())) return lost;
    if (cancelledEarly.delete(requestId)) return cancelled;
    const reply = Promise.withResolvers<Reply<unknown>>();
    pending.set(requestId, reply.resolve);
    send({ kind: 'request', requestId, channel, input });
    return await reply.promise;
  }

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
