import { createServer, type RequestListener } from 'node:http';
import { expect } from 'vitest';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import {
  createRegistryClient,
  type RegistryClientOptions,
} from '../../../../electron/engine/registry/client.ts';
import type {
  FetchedManifest,
  RegistryClient,
  Repository,
} from '../../../../electron/engine/registry/registry-client.ts';
import type { Failure } from '../../../../shared/failure.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { closeServer, listenOnLoopback } from '../../../support/loopback.ts';
import { tester } from '../../../support/token-server.ts';

const nobody = { get: async () => undefined };
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

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export async function allOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await listOf(content));
}

/** Pushes a manifest with a config and no layers. */
export async function pushImage(
  client: RegistryClient,
  to: Repository,
  tag: string,
): Promise<FetchedManifest> {
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'windows',
      tag,
      rootfs: { type: 'layers', diff_ids: [] },
    }),
  );
  const blob = blobOf(config, mediaTypes.ociConfig);
  await client.uploadBlob(to, blob, contentOf(config));
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: blob,
      layers: [],
    }),
  );
  const manifest = { descriptor: blobOf(bytes, mediaTypes.ociManifest), bytes };
  await client.putManifest(to, tag, manifest);
  return manifest;
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
