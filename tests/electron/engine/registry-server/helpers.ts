import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { onTestFinished } from 'vitest';
import type { Store } from '../../../../electron/engine/content/store.ts';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import {
  startRegistry,
  type RegistryRequest,
  type RegistryServerOptions,
  type RunningRegistry,
} from '../../../../electron/engine/registry-server/registry-server.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { newStore } from '../content/helpers.ts';

export interface ServedStore {
  readonly store: Store;
  readonly registry: RunningRegistry;
  readonly log: readonly RegistryRequest[];
  /** Asks for a path below `/v2/`. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** The status and the error code of an answer, such as `404 BLOB_UNKNOWN`. */
  readonly outcome: (path: string, init?: RequestInit) => Promise<string>;
}

/** A connection for each request: a kept one may just be closed by a server that a test made impatient. */
const oneRequestEach = new Agent({ pipelining: 0 });

/** A store that is served until the test ends. */
export async function serveStore(
  options: Omit<RegistryServerOptions, 'store'> = {},
  store?: Store,
): Promise<ServedStore> {
  const served = store ?? (await newStore());
  const log: RegistryRequest[] = [];
  const onRequest = (request: RegistryRequest) => void log.push(request);
  const registry = await startRegistry({ ...options, store: served, onRequest });
  onTestFinished(() => registry[Symbol.asyncDispose]());
  const ask = (path: string, init?: RequestInit) =>
    fetch(`${registry.url}/v2/${path}`, { dispatcher: oneRequestEach, ...init });
  return {
    store: served,
    registry,
    log,
    ask,
    outcome: async (path, init) => await outcomeOf(await ask(path, init)),
  };
}

export async function outcomeOf(response: Response): Promise<string> {
  const text = await response.text();
  if (response.status < 400) return String(response.status);
  const { errors } = JSON.parse(text) as { errors: { code: string; message: string }[] };
  return `${response.status} ${errors.map(error => error.code).join()}`;
}

/** Pushes a blob in two steps and gives its descriptor. */
export async function pushBlob(
  { ask }: ServedStore,
  name: string,
  content: string,
): Promise<Descriptor> {
  const opened = await ask(`${name}/blobs/uploads/`, { method: 'POST' });
  const digest = digestOf(content);
  const place = opened.headers.get('location')?.replace('/v2/', '') ?? '';
  const put = await ask(`${place}?digest=${digest}`, { method: 'PUT', body: content });
  if (put.status !== 201) throw new Error(`push failed: ${await put.text()}`);
  return { mediaType: 'application/octet-stream', digest, size: Buffer.byteLength(content) };
}

/** An image of one layer as two clients would push it: bytes and headers of its manifest. */
export function manifestOf(
  config: Descriptor,
  layers: readonly Descriptor[],
  more: object = {},
): { readonly body: string; readonly headers: { readonly 'content-type': string } } {
  const mediaType = mediaTypes.ociManifest;
  const body = JSON.stringify({ schemaVersion: 2, mediaType, config, layers, ...more });
  return { body, headers: { 'content-type': mediaType } };
}
