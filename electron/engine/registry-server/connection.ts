import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AppError, failureOf } from '../../../shared/failure.ts';
import type { Bytes } from '../content/bytes.ts';
import { jsonReply, type Reply } from './exchange.ts';
import { RegistryError } from './registry-error.ts';

/** Bodies of a request, in bytes. */
export interface Traffic {
  received: number;
  sent: number;
}

/** The body of a request, counted. Throws when the client goes away before its end. */
export async function* receivedBody(request: IncomingMessage, traffic: Traffic): Bytes {
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    traffic.received += bytes.byteLength;
    yield bytes;
  }
  if (!request.complete) throw new AppError({ code: 'cancelled' });
}

/** Sends an answer. A client that goes away, or content that turns out wrong, ends the connection. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Reply,
  traffic: Traffic,
): Promise<void> {
  if (!request.complete) await takeLeftOver(request, response);
  response.writeHead(status, headers);
  if (request.method === 'HEAD' || body === undefined) {
    response.end();
    return;
  }
  await pipeline(counted(body instanceof Uint8Array ? [body] : body, traffic), response);
}

async function* counted(body: Iterable<Uint8Array> | Bytes, traffic: Traffic): Bytes {
  for await (const chunk of body) {
    yield chunk;
    traffic.sent += chunk.byteLength;
  }
}

/** How much of an unwanted body is taken so that the client reads the answer instead of a reset connection. */
const leftOverLimit = 1024 * 1024;
const leftOverMilliseconds = 2_000;

async function takeLeftOver(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('connection', 'close');
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, leftOverMilliseconds);
  let taken = 0;
  const take = (chunk: Buffer) => {
    taken += chunk.byteLength;
    if (taken > leftOverLimit) resolve();
  };
  request.on('data', take).once('end', resolve).once('close', resolve).resume();
  await promise;
  clearTimeout(timer);
  request.off('data', take).pause();
}

/** What a client is told of a failure. Paths of this machine stay here. */
export function errorReply(error: unknown): Reply {
  const { code, detail, headers, message, status } = asRegistryError(error);
  const entry = { code, message, ...(detail === undefined ? {} : { detail }) };
  return jsonReply({ errors: [entry] }, headers, status);
}

function asRegistryError(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  const failure = failureOf(error);
  switch (failure.code) {
    case 'disk-full':
      return new RegistryError('UNKNOWN', 'the disk of this registry is full', { status: 507 });
    case 'store-damaged':
    case 'image-invalid':
    case 'blob-mismatch':
      return new RegistryError('UNKNOWN', 'the store of this registry is damaged', { status: 500 });
    case 'blob-missing': {
      const detail = { digest: failure.digest };
      return new RegistryError('BLOB_UNKNOWN', 'the store lacks a blob', { status: 404, detail });
    }
    default:
      return new RegistryError('UNKNOWN', 'this failed in the registry', { status: 500 });
  }
}
