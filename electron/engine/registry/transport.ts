import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { secureContextFor } from './certificates.ts';
import type { Connections, Environment } from './dispatcher.ts';
import type { RegistryAnswer, RegistryRequest, RequestBody, Send } from './exchange.ts';
import { networkFailure } from './network-failure.ts';

export interface TransportOptions {
  readonly environment: Environment;
  readonly certificateFolders: readonly string[];
  /** Hosts whose certificates are not checked. */
  readonly isInsecure: (host: string) => boolean;
  readonly timeoutMs: number;
  readonly userAgent: string;
}

/** Sends requests over connections that are kept for each origin. */
export interface Transport extends AsyncDisposable {
  readonly send: Send;
}

export const defaultTimeoutMs = 60_000;
export const defaultUserAgent = 'layerwright';

const readAheadBytes = 1024 * 1024;
// What is thrown away so that a connection can be used again; beyond that a new one is cheaper.
const discardLimit = 64 * 1024;

export function createTransport(options: TransportOptions): Transport {
  const origins = new Map<string, Promise<Connections>>();

  function connectionsFor(url: URL): Promise<Connections> {
    const known = origins.get(url.origin);
    if (known !== undefined) return known;
    const made = connect(url, options);
    origins.set(url.origin, made);
    // A folder of certificates that could not be read may be repaired.
    made.catch(() => origins.delete(url.origin));
    return made;
  }

  return {
    async send(request, signal) {
      throwIfCancelled(signal);
      const { dispatcher, request: ask, takeTlsError } = await connectionsFor(request.url);
      try {
        const response = await ask(request.url, {
          dispatcher,
          method: request.method,
          headers: headersOf(request, options.userAgent),
          body: request.body === undefined ? null : readAhead(request.body),
          signal: signal ?? null,
          ...(request.patienceMs === undefined ? {} : { headersTimeout: request.patienceMs }),
        });
        return answerOf(request, response, signal);
      } catch (error) {
        throw networkFailure(takeTlsError() ?? error, request, signal);
      }
    },
    async [Symbol.asyncDispose]() {
      const made = await Promise.allSettled(origins.values());
      origins.clear();
      for (const result of made)
        if (result.status === 'fulfilled') await result.value.dispatcher.destroy();
    },
  };
}

/** The source works on while the connection is busy. */
function readAhead(body: RequestBody): Readable {
  return Readable.from(body.open(), { objectMode: false, highWaterMark: readAheadBytes });
}

async function connect(url: URL, options: TransportOptions): Promise<Connections> {
  const isSecure = url.protocol === 'https:';
  // It takes long to load, and most commands ask nobody.
  const { connectionsTo } = await import('./dispatcher.ts');
  return connectionsTo(url, {
    environment: options.environment,
    timeoutMs: options.timeoutMs,
    ...(isSecure
      ? {
          secureContext: await secureContextFor(url.host, options.certificateFolders),
          verify: !options.isInsecure(url.host),
        }
      : {}),
  });
}

function headersOf(request: RegistryRequest, userAgent: string): Record<string, string> {
  return {
    'user-agent': userAgent,
    // The bytes as they are: digests are about the content, not about how it travels.
    'accept-encoding': 'identity',
    ...request.headers,
    ...(request.body === undefined ? {} : { 'content-length': String(request.body.size) }),
  };
}

function answerOf(
  request: RegistryRequest,
  response: Dispatcher.ResponseData,
  signal: AbortSignal | undefined,
): RegistryAnswer {
  return {
    status: response.statusCode,
    headers: response.headers,
    url: request.url,
    body: bodyOf(request, response, signal),
    async discard() {
      await response.body.dump({ limit: discardLimit }).catch(() => undefined);
    },
  };
}

async function* bodyOf(
  request: RegistryRequest,
  response: Dispatcher.ResponseData,
  signal: AbortSignal | undefined,
): Bytes {
  try {
    yield* response.body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw networkFailure(error, request, signal);
  }
}
