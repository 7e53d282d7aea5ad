import { AppError } from '../../shared/failure.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type {
  Channel,
  EventName,
  Events,
  InputOf,
  Output,
  Reply,
} from '../../shared/ipc/contract.ts';
import type { Api, ConnectionState } from './api.ts';

/** A bridge whose other side can go away. */
export interface ConnectionSource {
  onConnection(listener: (state: ConnectionState) => void): () => void;
}

/** Gives a bridge the types of the contract, and turns failures into `AppError`s. */
export function apiOver(bridge: Bridge, connection?: ConnectionSource): Api {
  let lastRequest = 0;

  async function request<C extends Channel>(
    channel: C,
    input: InputOf<C>,
    signal?: AbortSignal,
  ): Promise<Output<C>> {
    if (signal?.aborted) throw new AppError({ code: 'cancelled' });
    const requestId = String(++lastRequest);
    const cancel = (): void => bridge.cancel(requestId);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      // The host is trusted: its answers are typed and not checked.
      const reply = (await bridge.invoke(channel, input, requestId)) as Reply<Output<C>>;
      if (!reply.ok) throw new AppError(reply.failure);
      return reply.value;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  return {
    request,
    on: <E extends EventName>(event: E, listener: (payload: Events[E]) => void) =>
      bridge.on(event, payload => listener(payload as Events[E])),
    onConnection: listener => connection?.onConnection(listener) ?? (() => undefined),
  };
}
