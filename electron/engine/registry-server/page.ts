import { RegistryError } from './registry-error.ts';

/** The most that one page holds, whatever is asked for. */
const pageLimit = 10_000;

/** A part of a list, and the address of what follows it. */
export interface Page {
  readonly items: readonly string[];
  /** For the `Link` header (RFC 5988). */
  readonly link?: string;
}

/**
 * The page of a list that `n` and `last` ask for, in ASCII order (distribution-spec, "Listing Tags"). Throws
 * PAGINATION_NUMBER_INVALID.
 */
export function pageOf(list: Iterable<string>, path: string, query: URLSearchParams): Page {
  const last = query.get('last') ?? '';
  // Not by locale: the order must be the one that clients compare with.
  const rest = [...list].filter(item => item > last).toSorted((a, b) => (a < b ? -1 : 1));
  const count = pageSize(query.get('n'));
  const items = rest.slice(0, count);
  const end = items.at(-1);
  if (end === undefined || items.length === rest.length) return { items };
  const next = new URLSearchParams({ n: String(count), last: end });
  return { items, link: `<${path}?${next.toString()}>; rel="next"` };
}

function pageSize(n: string | null): number {
  if (n === null) return pageLimit;
  if (/^\d{1,9}$/.test(n)) return Math.min(Number(n), pageLimit);
  const message = 'n is a number of entries';
  throw new RegistryError('PAGINATION_NUMBER_INVALID', message, { status: 400, detail: { n } });
}
