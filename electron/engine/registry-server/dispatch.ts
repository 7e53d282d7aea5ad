import { getBlob } from './blobs.ts';
import { jsonReply, type Exchange, type RegistryState, type Reply } from './exchange.ts';
import { listReferrers, listRepositories, listTags } from './lists.ts';
import { deleteManifest, getManifest } from './manifests.ts';
import { putManifest } from './put-manifest.ts';
import { RegistryError } from './registry-error.ts';
import { parseRoute, type Route } from './route.ts';
import {
  beginUpload,
  cancelUpload,
  continueUpload,
  finishUpload,
  uploadStatus,
} from './uploads.ts';

type Handler = () => Promise<Reply> | Reply;
type Methods = Readonly<Record<string, Handler>>;

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Does what a request asks for. Throws RegistryError. */
export async function dispatch(state: RegistryState, exchange: Exchange): Promise<Reply> {
  const methods = methodsOf(parseRoute(exchange.path), state, exchange);
  const { method } = exchange;
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (handler === undefined) throw unsupported(`${method} is not answered here`, methods);
  if (!state.writable && !reading.has(method)) {
    throw unsupported('this registry is only read from; start it with --writable', methods);
  }
  return await handler();
}

function methodsOf(route: Route, state: RegistryState, exchange: Exchange): Methods {
  switch (route.kind) {
    case 'base':
      return forReading(() => jsonReply({}));
    case 'catalog':
      return forReading(() => listRepositories(state, exchange));
    case 'tags':
      return forReading(() => listTags(state, route.name, exchange));
    case 'referrers':
      return forReading(() => listReferrers(state, route, exchange));
    case 'manifest':
      return {
        ...forReading(() => getManifest(state, route, exchange)),
        PUT: () => putManifest(state, route, exchange),
        DELETE: () => deleteManifest(state, route, exchange),
      };
    case 'blob':
      // No DELETE: other images and the build cache may need it. It goes with the last image that does.
      return forReading(() => getBlob(state, route.digest, exchange));
    case 'uploads':
      return { POST: () => beginUpload(state, route.name, exchange) };
    case 'upload':
      return {
        GET: () => uploadStatus(state, route),
        PATCH: () => continueUpload(state, route, exchange),
        PUT: () => finishUpload(state, route, exchange),
        DELETE: () => cancelUpload(state, route),
      };
  }
}

function forReading(handler: Handler): Methods {
  return { GET: handler, HEAD: handler };
}

function unsupported(message: string, methods: Methods): RegistryError {
  const allow = Object.keys(methods).join(', ');
  return new RegistryError('UNSUPPORTED', message, { status: 405, headers: { allow } });
}
