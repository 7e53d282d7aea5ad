import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Bytes } from '../content/bytes.ts';
import { answerFailure } from './answer-failure.ts';
import { rangeHeader } from './blob-content.ts';
import type { Send } from './exchange.ts';
import { isLoopback, shownUrl } from './hosts.ts';
import { checkedPart } from './reading.ts';

/**
 * Reads a foreign layer from one of its `urls` (image-spec, "Non-Distributable Layers"): over https, or from this
 * machine, and without credentials. Throws `registry-insecure` for anything else.
 */
export async function* readForeign(
  send: Send,
  address: string,
  { blob, offset }: { readonly blob: Descriptor; readonly offset: number },
  signal?: AbortSignal,
): Bytes {
  if (offset >= blob.size) return;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.host));
  if (url === undefined || !isSafe) {
    const problem = 'a foreign layer is only fetched over https';
    const registry = url?.host || 'The image';
    throw new AppError({ code: 'registry-insecure', registry, url: shownUrl(address), problem });
  }
  url.username = '';
  url.password = '';
  const registry = url.host;
  const answer = await send({ registry, method: 'GET', url, headers: rangeHeader(offset) }, signal);
  if (answer.status !== 200 && answer.status !== 206) {
    const repository = url.pathname;
    throw await answerFailure(answer, { registry, repository, action: 'pull' });
  }
  yield* await checkedPart(answer, { registry, blob, offset });
}
