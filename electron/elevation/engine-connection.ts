import { randomUUID } from 'node:crypto';
import type { EventMessage, ServerFrame } from '../../shared/ipc/bridge.ts';
import type { Channel, Input, Output, Reply } from '../../shared/ipc/contract.ts';
import { AppError } from '../../shared/failure.ts';
import type { Frames } from './frames.ts';

/** An engine in another process, which has proved that it is ours. */
export interface EngineConnection {
  /** Asks as a window would. Fails as the engine does, or with `engine-gone`. */
  request<C extends Channel>(channel: C, input: Input<C>, signal?: AbortSignal): Promise<Output<C>>;
  /** Returns how to unsubscribe. */
  onEvents(listener: (events: readonly EventMessage[]) => void): () => void;
  /** Settles when the connection has ended, in whatever way. */
  readonly ended: Promise<void>;
  /** Lets the engine go: it stops its builds and ends. */
  close(): void;
}

export interface ConnectionParts {
  readonly connection: EngineConnection;
  receive(frame: unknown): void;
  end(): void;
}

/** Speaks the contract as a client, over frames. The other side is an engine of this very version. */
export function createEngineConnection(frames: Frames): ConnectionParts {
  const waiting = new Map<string, (reply: Reply<unknown>) => void>();
  const listeners = new Set<(events: readonly EventMessage[]) => void>();
  const ended = Promise.withResolvers<void>();
  let open = true;

  async function request<C extends Channel>(
    channel: C,
    input: Input<C>,
    signal?: AbortSignal,
  ): Promise<Output<C>> {
    if (!open) throw new AppError({ code: 'engine-gone' });
    const requestId = randomUUID();
    const reply = Promise.withResolvers<Reply<unknown>>();
    waiting.set(requestId, reply.resolve);
    const cancel = () => frames.send({ kind: 'cancel', requestId });
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      frames.send({ kind: 'request', requestId, channel, input });
      const answer = await reply.promise;
      if (!answer.ok) throw new AppError(answer.failure);
      return answer.value as Output<C>;
    } finally {
      signal?.removeEventListener('abort', cancel);
      waiting.delete(requestId);
    }
  }

  return {
    connection: {
      request,
      onEvents(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      ended: ended.promise,
      close: () => frames.close(),
    },
    receive(frame) {
      const message = frame as ServerFrame;
      if (message.kind === 'reply') waiting.get(message.requestId)?.(message.reply);
      else for (const listener of listeners) listener(message.events);
    },
    end() {
      open = false;
      for (const answer of waiting.values())
        answer({ ok: false, failure: { code: 'engine-gone' } });
      ended.resolve();
    },
  };
}
