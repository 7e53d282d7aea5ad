import type { IncomingHttpHeaders } from 'node:http';
import type { Bytes } from '../content/bytes.ts';
import type { Store } from '../content/store.ts';
import type { PushLease } from './push-lease.ts';
import type { UploadSessions } from './upload-sessions.ts';

/** What the handlers of all requests share. */
export interface RegistryState {
  readonly store: Store;
  readonly uploads: UploadSessions;
  readonly lease: PushLease;
  readonly writable: boolean;
}

/** A request, as far as handlers need it. */
export interface Exchange {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Bytes;
  /** Aborted when the client goes away or the server stops. */
  readonly signal: AbortSignal;
}

/** The answer to a request. For HEAD the body is not sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: Uint8Array | Bytes;
}

export function jsonReply(
  value: object,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers },
    body,
  };
}

/** An answer that has headers only. */
export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: status === 204 ? headers : { 'content-length': 0, ...headers } };
}
