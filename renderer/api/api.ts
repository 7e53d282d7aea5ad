import type { Channel, EventName, Events, InputOf, Output } from '../../shared/ipc/contract.ts';

/** `lost`: requests fail until it is `connected` again. `refused`: the session ended; the page must be opened anew. */
export type ConnectionState = 'connected' | 'lost' | 'refused';

/** What the renderer may ask of its host. */
export interface Api {
  /** Throws an `AppError` with the failure that came back. */
  request<C extends Channel>(
    channel: C,
    input: InputOf<C>,
    signal?: AbortSignal,
  ): Promise<Output<C>>;
  /** Returns a function that ends the subscription. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
  /** Tells changes only. After `connected`, read again what may have been missed. */
  onConnection(listener: (state: ConnectionState) => void): () => void;
}
