import type { Bytes } from '../content/bytes.ts';
import type { Headers } from './headers.ts';

/** Content that is sent. It is opened anew when a request has to be repeated. */
export interface RequestBody {
  /** In bytes. */
  readonly size: number;
  open(): Bytes;
}

/** A request to a registry, to a token server or to where they redirect. */
export interface RegistryRequest {
  /** What the user named: failures speak of it, whatever host is asked in the end. */
  readonly registry: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** How long the answer may take to begin, in milliseconds. */
  readonly patienceMs?: number;
  /** Set for what must not be sent twice without looking: a piece of an upload. */
  readonly once?: true;
}

/** An answer. Its body must be read to the end, or discarded: else its connection stays in use. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Where it came from, after redirections. */
  readonly url: URL;
  /** Fails with an AppError where the connection breaks off. */
  readonly body: Bytes;
  discard(): Promise<void>;
}

/** Sends a request. Failures to reach the other side are AppErrors; any status is an answer. */
export type Send = (request: RegistryRequest, signal?: AbortSignal) => Promise<RegistryAnswer>;
