import { createServer, type RequestListener } from 'node:http';
import { expect } from 'vitest';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import {
  createRegistryClient,
  type RegistryClientOptions,
} from '../../../../electron/engine/registry/client.ts';
import type { RegistryClient } from '../../../../electron/engine/registry/registry-client.ts';
import type { Failure } from '../../../../shared/failure.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { closeServer, listenOnLoopback } from '../../../support/loopback.ts';
import { tester } from '../../../support/token-server.ts';

export const nobody = { get: async () => undefined };
export const theTester = { get: async () => ({ kind: 'password', ...tester }) as const };

/** A client that nothing of this machine's configuration reaches, and that loses no time with waiting. */
export function clientFor(options: RegistryClientOptions = {}): RegistryClient {
  return createRegistryClient({
    credentials: nobody,
    environment: { DOCKER_CONFIG: '/nonexistent' },
    retryPolicy: { attempts: 4, firstDelayMs: 1, longestDelayMs: 2000 },
    ...options,
  });
}

export function blobOf(bytes: Uint8Array, mediaType: string = mediaTypes.ociLayer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}

export function contentOf(bytes: Uint8Array, chunk = 65_536) {
  return async function* from(offset: number): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < bytes.byteLength; at += chunk) yield bytes.subarray(at, at + chunk);
  };
}

export async function allOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Expects that `work` fails with a failure that has these fields. */
export async function expectFailure(work: Promise<unknown>, failure: Partial<Failure>) {
  await expect(work).rejects.toMatchObject({ name: 'AppError', failure });
}

/** A server that does what a test says, on 127.0.0.1. */
export async function serve(
  listener: RequestListener,
): Promise<AsyncDisposable & { readonly host: string; readonly url: string }> {
  const server = createServer(listener);
  const host = `127.0.0.1:${await listenOnLoopback(server)}`;
  return {
    host,
    url: `http://${host}`,
    [Symbol.asyncDispose]: async () => await closeServer(server),
  };
}
