import type { Reply } from '../../shared/ipc/contract.ts';
import { answer, type Handlers } from './answer.ts';

/** More than a window ever has under way; a window that asks for more is broken. */
const maxUnderWay = 256;

/** The requests of one client (a window, or a WebSocket) that are under way. */
export interface Requests {
  /** Never throws. Refuses an id that is in use. */
  run(requestId: unknown, channel: unknown, input: unknown): Promise<Reply<unknown>>;
  cancel(requestId: unknown): void;
  /** Stops everything: the client is gone. Builds are not requests and go on. */
  cancelAll(): void;
}

export function createRequests(handlers: Handlers): Requests {
  const underWay = new Map<string, AbortController>();

  async function run(requestId: unknown, channel: unknown, input: unknown) {
    const problem = refusal(requestId);
    if (problem !== undefined || typeof requestId !== 'string') {
      return badRequest(problem ?? 'is not text');
    }
    const controller = new AbortController();
    underWay.set(requestId, controller);
    try {
      return await answer(handlers, channel, input, controller.signal);
    } finally {
      underWay.delete(requestId);
    }
  }

  function refusal(requestId: unknown): string | undefined {
    if (typeof requestId !== 'string' || requestId === '' || requestId.length > 64) {
      return 'must be a text of 1 to 64 characters';
    }
    if (underWay.has(requestId)) return 'is already in use';
    return underWay.size >= maxUnderWay ? 'too many requests are under way' : undefined;
  }

  return {
    run,
    cancel(requestId) {
      if (typeof requestId === 'string') underWay.get(requestId)?.abort();
    },
    cancelAll() {
      for (const controller of underWay.values()) controller.abort();
    },
  };
}

function badRequest(problem: string): Reply<never> {
  return { ok: false, failure: { code: 'bad-request', field: 'requestId', problem } };
}
