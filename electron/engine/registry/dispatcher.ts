import type { SecureContext } from 'node:tls';
import { Agent, buildConnector, EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { isLoopback } from './hosts.ts';

/** Variables of the environment: those of proxies are looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface DispatcherOptions {
  readonly environment: Environment;
  /** For the headers, between two pieces of a body, and, up to 20 s, for connecting. */
  readonly timeoutMs: number;
  readonly secureContext?: SecureContext;
  /** False only for registries that the user has listed as insecure. */
  readonly verify?: boolean;
}

// Enough for several layers at once; more would only share the same line.
const mostConnections = 16;
// A connection that takes longer is better tried again.
const connectTimeoutMs = 20_000;

/** The connections to one origin. */
export interface Connections {
  readonly dispatcher: Dispatcher;
  readonly request: typeof request;
  /** What TLS last said when it ended a connection that was made already; it is said once. */
  readonly takeTlsError: () => Error | undefined;
}

/**
 * Makes the connections to one origin (`https://host:port`): reused, and through the proxy that HTTP_PROXY, HTTPS_PROXY
 * and NO_PROXY ask for. As with Docker, this machine is never asked through a proxy, and only HTTPS_PROXY counts for https.
 */
export function connectionsTo(origin: URL, options: DispatcherOptions): Connections {
  const { environment, timeoutMs, secureContext, verify } = options;
  const tls = {
    timeout: Math.min(timeoutMs, connectTimeoutMs),
    // One connection per transfer is faster than sharing one: every stream has a window of its own.
    allowH2: false,
    ...(secureContext === undefined ? {} : { secureContext }),
    ...(verify === false ? { rejectUnauthorized: false } : {}),
  };
  const { connect, takeTlsError } = watchedConnector(tls);
  const agent = {
    connect,
    allowH2: false,
    connections: mostConnections,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  };
  if (isLoopback(origin.host)) return { dispatcher: new Agent(agent), request, takeTlsError };
  const variable = (name: string) =>
    environment[name.toLowerCase()] ?? environment[name.toUpperCase()] ?? '';
  const isSecure = origin.protocol === 'https:';
  const dispatcher = new EnvHttpProxyAgent({
    ...agent,
    requestTls: tls,
    httpProxy: isSecure ? '' : variable('http_proxy'),
    httpsProxy: isSecure ? variable('https_proxy') : '',
    noProxy: variable('no_proxy'),
  });
  return { dispatcher, request, takeTlsError };
}

/** With TLS 1.3 a client hears only after connecting that its certificate was refused, and undici then just says "closed". */
function watchedConnector(
  tls: buildConnector.BuildOptions,
): Pick<Connections, 'takeTlsError'> & { readonly connect: buildConnector.connector } {
  let tlsError: Error | undefined;
  const connect = buildConnector(tls);
  return {
    connect(options, callback) {
      connect(options, (...result) => {
        result[1]?.on('error', error => {
          if ('code' in error && String(error.code).startsWith('ERR_SSL_')) tlsError = error;
        });
        callback(...result);
      });
    },
    takeTlsError() {
      const taken = tlsError;
      tlsError = undefined;
      return taken;
    },
  };
}
