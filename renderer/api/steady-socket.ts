import type { ConnectionState } from './api.ts';

/** Close code of electron/serve for a session that it does not know (any more). */
const sessionEnded = 4403;
const firstRetryMs = 250;
const lastRetryMs = 5000;

/** A WebSocket that connects again whenever the connection breaks. */
export interface SteadySocket {
  /** Waits for a connection. False where the attempt under way fails: ask again, or give up. */
  isOpen(): Promise<boolean>;
  /** Does nothing while there is no connection. */
  send(text: string): void;
}

interface SocketEvents {
  readonly onText: (text: string) => void;
  /** `lost` and `refused`: what was sent before is not answered any more. */
  readonly onState: (state: ConnectionState) => void;
}

export function steadySocket(url: string, { onText, onState }: SocketEvents): SteadySocket {
  let socket: WebSocket | undefined;
  let opened = Promise.withResolvers<boolean>();
  let retryMs = firstRetryMs;

  function connect(): void {
    socket = new WebSocket(url);
    socket.addEventListener('open', () => {
      retryMs = firstRetryMs;
      opened.resolve(true);
      onState('connected');
    });
    socket.addEventListener('message', message => onText(String(message.data)));
    socket.addEventListener('close', event => closed(event.code));
  }

  function closed(code: number): void {
    opened.resolve(false);
    opened = Promise.withResolvers<boolean>();
    if (code === sessionEnded) {
      opened.resolve(false);
      return onState('refused');
    }
    onState('lost');
    setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  }

  connect();
  return {
    isOpen: async () => await opened.promise,
    send(text) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(text);
    },
  };
}
