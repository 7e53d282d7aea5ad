import { AppError } from '../../../shared/failure.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { RegistryApi } from './api.ts';
import type { RegistryAnswer } from './exchange.ts';
import { headerText } from './headers.ts';
import { shownUrl } from './hosts.ts';
import { protocolFailure } from './read-answer.ts';
import type { Repository } from './registry-client.ts';
import { repositoryScope } from './scopes.ts';

/** Registries may move and hash gigabytes before they answer. In milliseconds. */
export const commitPatienceMs = 15 * 60_000;
const cancelPatienceMs = 5000;

/** Where an upload goes on: `Location`, which may be relative (distribution-spec, "POST then PUT"). */
export function uploadTarget(registry: string, answer: RegistryAnswer): URL {
  const location = headerText(answer.headers, 'location');
  if (location === undefined || !URL.canParse(location, answer.url.href)) {
    throw protocolFailure(registry, answer.url, 'it does not say where the upload goes on');
  }
  const target = new URL(location, answer.url);
  // Behind a proxy that ends TLS, registries write http into their addresses.
  if (target.host === answer.url.host) target.protocol = answer.url.protocol;
  const isSafe =
    target.protocol === 'https:' ||
    (target.protocol === 'http:' && answer.url.protocol === 'http:');
  if (!isSafe) {
    const problem = 'it wants the upload to go on without TLS';
    throw new AppError({ code: 'registry-insecure', registry, url: shownUrl(target), problem });
  }
  return target;
}

/** Adds `digest`. What the registry put there stays byte for byte: it may be signed. */
export function withDigest(target: URL, digest: Digest): URL {
  const url = new URL(target);
  url.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${encodeURIComponent(digest)}`;
  return url;
}

/** Tells the registry that an upload does not go on. Waits for a few seconds at most; that it fails does not matter. */
export async function cancelUpload(api: RegistryApi, to: Repository, target: URL): Promise<void> {
  try {
    const answer = await api.call(
      {
        purpose: { ...to, action: 'push' },
        scopes: [repositoryScope(to.repository, 'push')],
        method: 'DELETE',
        target,
        once: true,
      },
      AbortSignal.timeout(cancelPatienceMs),
    );
    await answer.discard();
  } catch {
    // The registry removes what is left over by itself in time.
  }
}
