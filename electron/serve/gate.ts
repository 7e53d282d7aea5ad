import type { IncomingMessage } from 'node:http';
import { isOwnHost } from '../engine/net/own-host.ts';
import type { Sessions } from './session.ts';

/** Why a request is turned away. */
export type Refusal = 'host' | 'origin' | 'session';

/** What a request has to prove before it is answered. */
export interface Gate {
  /** For pages and assets. */
  page(request: IncomingMessage): Refusal | undefined;
  /** For the WebSocket, which a browser opens for any page: the Origin must be ours as well. */
  socket(request: IncomingMessage): Refusal | undefined;
}

/** The cookie bears the port: cookies do not tell ports apart (RFC 6265, 8.5), and two servers may run. */
export function cookieName(port: number): string {
  return `layerwright-${port}`;
}

/** `host` is the address that the server listens on, as it stands in a URL. */
export function createGate(sessions: Sessions, host: string, port: number): Gate {
  function hostRefusal(request: IncomingMessage): Refusal | undefined {
    return isOwnHost(request.headers.host ?? '', host, port) ? undefined : 'host';
  }

  function sessionRefusal(request: IncomingMessage): Refusal | undefined {
    const session = cookieOf(request.headers.cookie ?? '', cookieName(port));
    return sessions.isOpen(session) ? undefined : 'session';
  }

  return {
    page: request => hostRefusal(request) ?? sessionRefusal(request),
    socket(request) {
      const refusal = hostRefusal(request);
      if (refusal !== undefined) return refusal;
      const own = `http://${request.headers.host ?? ''}`;
      if (request.headers.origin?.toLowerCase() !== own.toLowerCase()) return 'origin';
      return sessionRefusal(request);
    },
  };
}

function cookieOf(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=');
    if (key === name) return value;
  }
  return undefined;
}
