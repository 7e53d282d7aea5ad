import type { z } from 'zod';
import type { Call, RegistryApi } from './api.ts';
import { nextLink } from './link-header.ts';
import { protocolFailure, readJsonAnswer } from './read-answer.ts';
import type { RegistryAnswer } from './exchange.ts';

const mostPages = 10_000;
// Registries that know no pages send everything at once.
const pageLimit = 16 * 1024 * 1024;

/** A list that comes in pages. */
export interface PagedList<T> {
  /** Asks for the first page. */
  readonly first: Call;
  readonly schema: z.ZodType<T>;
  /** What an answer means whose status is not 200: throws, or returns where there is just no list. */
  onRefusal(answer: RegistryAnswer): Promise<void>;
}

/**
 * Reads page after page, as `Link` with `rel=next` leads (distribution-spec, "Listing Tags"). Throws `registry-protocol`
 * where that leads to another host, in a circle, or never ends.
 */
export async function* pages<T>(
  api: RegistryApi,
  list: PagedList<T>,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  const { registry } = list.first.purpose;
  const seen = new Set<string>();
  let call = list.first;
  for (let page = 1; ; page++) {
    const answer = await api.call(call, signal);
    if (answer.status !== 200) return await list.onRefusal(answer);
    seen.add(answer.url.href);
    const link = nextLink(answer.headers['link']);
    yield await readJsonAnswer(registry, answer, { schema: list.schema, limit: pageLimit });
    if (link === undefined) return;
    const fail = (problem: string) => protocolFailure(registry, answer.url, problem);
    if (!URL.canParse(link, answer.url.href)) throw fail('the link to the next page is no address');
    const next = new URL(link, answer.url);
    if (next.host !== answer.url.host) throw fail('the next page is said to be at another host');
    // Behind a proxy that ends TLS, registries write http into their links.
    next.protocol = answer.url.protocol;
    if (seen.has(next.href)) throw fail('its pages lead in a circle');
    if (page === mostPages) throw fail(`it has more than ${mostPages} pages`);
    call = { ...list.first, target: next };
  }
}
