import { AppError } from '../../../shared/failure.ts';
import type { RegistryRequest, Send } from './exchange.ts';
import { headerText } from './headers.ts';
import { shownUrl } from './hosts.ts';

/** As many as browsers follow. */
const mostRedirects = 10;
const redirects = new Set([301, 302, 303, 307, 308]);

/** Where a redirection leads; undefined where it must not be followed: away from https, or not to http at all. */
function redirectTarget(from: URL, location: string): URL | undefined {
  if (!URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from);
  const isSafe = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
  return isSafe ? to : undefined;
}

/**
 * Follows redirections by hand. Credentials stay with the host that they are for, and nothing is sent unprotected that
 * began protected. Only GET and HEAD follow 301 to 303: other methods would have to change.
 */
export function followingRedirects(send: Send): Send {
  return async (request, signal) => {
    let hop = request;
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const answer = await send(hop, signal);
      const location = headerText(answer.headers, 'location');
      if (location === undefined || !mayFollow(hop, answer.status)) return answer;
      await answer.discard();
      hop = redirected(hop, location);
    }
    throw refused(request, `it is redirected more than ${mostRedirects} times`);
  };
}

function mayFollow({ method }: RegistryRequest, status: number): boolean {
  if (!redirects.has(status)) return false;
  return status >= 307 || method === 'GET' || method === 'HEAD';
}

function redirected(request: RegistryRequest, location: string): RegistryRequest {
  const url = redirectTarget(request.url, location);
  if (url === undefined) {
    throw refused(request, `it redirects to ${shownUrl(location)}, which is not followed`);
  }
  if (url.origin === request.url.origin) return { ...request, url };
  if (request.method === 'POST' && request.body !== undefined) {
    // It may hold a refresh token.
    throw refused(request, `it redirects what was sent to another host, ${url.host}`);
  }
  const { authorization: _, ...headers } = request.headers ?? {};
  return { ...request, url, headers };
}

function refused({ registry, url }: RegistryRequest, problem: string): AppError {
  return new AppError({ code: 'registry-protocol', registry, url: shownUrl(url), problem });
}
