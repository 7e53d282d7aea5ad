import type { SecureContext } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { isLoopback } from './hosts.ts';

/** Variables of the environment: those of proxies are looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface DispatcherOptions {
  readonly environment: Environment;
  /** For connecting, for the headers, and between two pieces of a body. */
  readonly timeoutMs: number;
  readonly secureContext?: SecureContext;
  /** False only for registries that the user has listed as insecure. */
  readonly verify?: boolean;
}

// Enough for several layers at once; more would only share the same line.
const mostConnections = 16;

/**
 * Makes the connections to one origin (`https://host:port`): reused, and through the proxy that HTTP_PROXY, HTTPS_PROXY
 * and NO_PROXY ask for. As with Docker, this machine is never asked through a proxy, and only HTTPS_PROXY counts for https.
 */
export function createDispatcher(origin: URL, options: DispatcherOptions): Dispatcher {
  const { environment, timeoutMs, secureContext, verify } = options;
  const tls = {
    timeout: timeoutMs,
    // One connection per transfer is faster than sharing one: every stream has a window of its own.
    allowH2: false,
    ...(secureContext === undefined ? {} : { secureContext }),
    ...(verify === false ? { rejectUnauthorized: false } : {}),
  };
  const agent = {
    connect: tls,
    allowH2: false,
    connections: mostConnections,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  };
  if (isLoopback(origin.host)) return new Agent(agent);
  const variable = (name: string) =>
    environment[name.toLowerCase()] ?? environment[name.toUpperCase()] ?? '';
  const isSecure = origin.protocol === 'https:';
  return new EnvHttpProxyAgent({
    ...agent,
    requestTls: tls,
    httpProxy: isSecure ? '' : variable('http_proxy'),
    httpsProxy: isSecure ? variable('https_proxy') : '',
    noProxy: variable('no_proxy'),
  });
}
