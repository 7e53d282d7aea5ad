import { AppError } from '../../../shared/failure.ts';
import type { Send } from './exchange.ts';
import { apiHost } from './hosts.ts';

/** Finds out where a registry answers: `https://host`, or `http://host` where that is allowed and nothing else is there. */
export type FindOrigin = (registry: string, signal?: AbortSignal) => Promise<URL>;

/**
 * Asks each registry once. Where HTTP is allowed, TLS is tried first all the same, as Docker does: only what has no TLS is
 * spoken to without.
 */
export function createOriginFinder(send: Send, allowsHttp: (host: string) => boolean): FindOrigin {
  const found = new Map<string, URL>();

  return async (registry, signal) => {
    const host = apiHost(registry);
    const known = found.get(host);
    if (known !== undefined) return known;
    const origin = new URL(`https://${host}`);
    const speaksTls = !allowsHttp(host) || (await answersTls(origin));
    const best = speaksTls ? origin : new URL(`http://${host}`);
    found.set(host, best);
    return best;

    async function answersTls(url: URL): Promise<boolean> {
      try {
        const answer = await send(
          { registry, method: 'GET', url: new URL('/v2/', url), once: true, patienceMs: 5000 },
          signal,
        );
        await answer.discard();
        return true;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const { failure } = error;
        if (failure.code === 'registry-tls') return !['no-tls', 'other'].includes(failure.reason);
        if (failure.code === 'registry-unreachable') return false;
        throw error;
      }
    }
  };
}
