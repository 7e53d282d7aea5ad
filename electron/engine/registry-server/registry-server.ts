import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Store } from '../content/store.ts';
import { listen, urlHost } from '../net/listen.ts';
import { isOwnHost } from '../net/own-host.ts';
import { errorReply, receivedBody, sendReply, type Traffic } from './connection.ts';
import { dispatch } from './dispatch.ts';
import type { RegistryState, Reply } from './exchange.ts';
import { limitIdleness } from './idle-limit.ts';
import { PushLease } from './push-lease.ts';
import { RegistryError } from './registry-error.ts';
import { UploadSessions } from './upload-sessions.ts';

/** One request and what became of it, for a log. Whoever shows it neutralises the texts: they come from outside. */
export interface RegistryRequest {
  readonly method: string;
  readonly url: string;
  /** 0 where the client went away before an answer. */
  readonly status: number;
  /** Bytes of the request's body. */
  readonly received: number;
  /** Bytes of the answer's body. */
  readonly sent: number;
  readonly milliseconds: number;
  readonly userAgent: string;
  /** What was no fault of the client's. */
  readonly error?: unknown;
}

export interface RegistryServerOptions {
  readonly store: Store;
  /** Address to listen on; loopback unless told otherwise. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Whether clients may push and delete. */
  readonly writable?: boolean;
  readonly onRequest?: (request: RegistryRequest) => void;
  /** After so long without a byte a connection is closed, in milliseconds. */
  readonly connectionIdle?: number;
  /** After so long without a request an upload is dropped, in milliseconds. */
  readonly uploadIdle?: number;
}

export interface RunningRegistry extends AsyncDisposable {
  /** `127.0.0.1:5000`: the registry part of a reference. */
  readonly host: string;
  readonly url: string;
  /** Lets requests under way end for `grace` milliseconds, then cuts them; frees the port and removes unfinished uploads. */
  close(grace?: number): Promise<void>;
}

/**
 * Serves the store over the distribution API (distribution-spec 1.1) until it is closed. Fails with `file-system`
 * where the address cannot be listened on.
 */
export async function startRegistry(options: RegistryServerOptions): Promise<RunningRegistry> {
  const { store, host = '127.0.0.1', uploadIdle = 15 * 60_000 } = options;
  // A body may take hours; the head must not. Between bytes, the idle limit holds.
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 0,
    keepAliveTimeout: 15_000,
    connectionsCheckingInterval: 2_000,
  });
  limitIdleness(server, options.connectionIdle ?? 120_000);
  server.maxConnections = 512;
  const port = await listen(server, host, options.port ?? 0);

  const lease = new PushLease(store.lock, uploadIdle);
  const uploads = new UploadSessions(
    () => store.blobs.ingest(),
    uploadIdle,
    session => lease.letGo([session.uploadId]),
  );
  const state: RegistryState = { store, uploads, lease, writable: options.writable ?? false };
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  server.on('request', (request, response) => {
    const isOwn = isOwnHost(request.headers.host ?? '', urlHost(host), port);
    const work = serveRequest(
      { state, isOwn, stop: stop.signal, onRequest: options.onRequest },
      request,
      response,
    );
    running.add(work);
    void work.finally(() => running.delete(work));
  });

  async function close(grace = 3_000): Promise<void> {
    const closed = new Promise(resolve => server.close(resolve));
    server.closeIdleConnections();
    const timer = setTimeout(() => cut(server, stop), grace);
    await closed;
    clearTimeout(timer);
    await Promise.all(running);
    await uploads[Symbol.asyncDispose]();
    lease.end();
  }

  const address = `${urlHost(host)}:${port}`;
  return {
    host: address,
    url: `http://${address}`,
    close,
    [Symbol.asyncDispose]: () => close(0),
  };
}

function cut(server: Server, stop: AbortController): void {
  stop.abort();
  server.closeAllConnections();
}

interface Served {
  readonly state: RegistryState;
  readonly isOwn: boolean;
  readonly stop: AbortSignal;
  readonly onRequest: ((request: RegistryRequest) => void) | undefined;
}

/** Answers one request. Never throws. */
async function serveRequest(
  { state, isOwn, stop, onRequest }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now();
  const traffic: Traffic = { received: 0, sent: 0 };
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.setHeader('docker-distribution-api-version', 'registry/2.0');
  response.setHeader('x-content-type-options', 'nosniff');
  let fault: unknown;
  const signal = AbortSignal.any([stop, gone.signal]);
  try {
    const reply = await answer(state, isOwn, request, { traffic, signal }).catch(
      (error: unknown) => {
        if (!(error instanceof RegistryError) && !signal.aborted) fault = error;
        return errorReply(error);
      },
    );
    if (!response.destroyed) await sendReply(request, response, reply, traffic);
  } catch (error) {
    if (!signal.aborted) fault = error;
    response.destroy();
  }
  onRequest?.({
    method: request.method ?? '',
    url: request.url ?? '',
    status: response.headersSent ? response.statusCode : 0,
    ...traffic,
    milliseconds: performance.now() - started,
    userAgent: request.headers['user-agent'] ?? '',
    ...(fault === undefined ? {} : { error: fault }),
  });
}

interface Passage {
  readonly traffic: Traffic;
  readonly signal: AbortSignal;
}

async function answer(
  state: RegistryState,
  isOwn: boolean,
  request: IncomingMessage,
  { traffic, signal }: Passage,
): Promise<Reply> {
  const { headers, method = '', url = '' } = request;
  if (!isOwn) throw denied('the Host header names another server');
  // Only browsers send these, and no page has business here: it would act with the user's reach.
  const site = headers['sec-fetch-site'] ?? 'none';
  if (headers.origin !== undefined || site !== 'none') throw denied('web pages are not answered');
  const [path = '', ...query] = url.split('?');
  return await dispatch(state, {
    method,
    path,
    query: new URLSearchParams(query.join('?')),
    headers,
    body: receivedBody(request, traffic),
    signal,
  });
}

function denied(message: string): RegistryError {
  return new RegistryError('DENIED', message, { status: 403 });
}
