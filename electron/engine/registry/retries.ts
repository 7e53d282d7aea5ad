import { AppError } from '../../../shared/failure.ts';
import type { Failure } from '../../../shared/failure.ts';
import { delay } from '../content/cancel.ts';
import type { RegistryAnswer, RegistryRequest, Send } from './exchange.ts';
import { retryAfterSeconds } from './headers.ts';

/** How often, and after how long, a request is sent again. */
export interface RetryPolicy {
  /** All attempts, with the first. */
  readonly attempts: number;
  /** Before the second attempt, in milliseconds; doubled each time. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 5,
  firstDelayMs: 500,
  longestDelayMs: 30_000,
};

const passingStatuses = new Set([408, 429, 502, 503, 504]);
const passingReasons = new Set(['timeout', 'interrupted', 'no-route']);

/** Tells a failure that may be gone at the next attempt: a cut, a timeout, a server that is overloaded. */
export function isPassing(failure: Failure): boolean {
  switch (failure.code) {
    case 'registry-unreachable':
      return passingReasons.has(failure.reason) || failure.detail === 'EAI_AGAIN';
    case 'registry-rate-limited':
    case 'registry-server-error':
      return true;
    default:
      return false;
  }
}

/**
 * Sends again what failed in passing, with growing waits, at random so that many clients do not come back at once.
 * `Retry-After` is honoured; where it asks for more than `longestDelayMs`, the answer is given to the caller instead.
 */
export function retrying(send: Send, policy: RetryPolicy): Send {
  return async (request, signal) => {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= policy.attempts || request.once === true;
      const outcome = await attempted(send, request, signal);
      const wait = isLast ? undefined : waitAfter(outcome, attempt, policy);
      if (wait === undefined) {
        if (outcome.kind === 'failed') throw outcome.error;
        return outcome.answer;
      }
      if (outcome.kind === 'answered') await outcome.answer.discard();
      await delay(wait, signal);
    }
  };
}

type Outcome =
  | { readonly kind: 'answered'; readonly answer: RegistryAnswer }
  | { readonly kind: 'failed'; readonly error: unknown };

async function attempted(
  send: Send,
  request: RegistryRequest,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  try {
    return { kind: 'answered', answer: await send(request, signal) };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** In milliseconds; undefined where trying again is of no use. */
function waitAfter(outcome: Outcome, attempt: number, policy: RetryPolicy): number | undefined {
  const growing = Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.longestDelayMs);
  const usual = growing * (0.5 + Math.random() / 2);
  if (outcome.kind === 'failed') {
    const { error } = outcome;
    return error instanceof AppError && isPassing(error.failure) ? usual : undefined;
  }
  const { status, headers } = outcome.answer;
  if (!passingStatuses.has(status)) return undefined;
  const asked = (retryAfterSeconds(headers, Date.now()) ?? 0) * 1000;
  return asked > policy.longestDelayMs ? undefined : Math.max(usual, asked);
}
