const longestHeader = 16_384;
const link = /<([^<>]*)>([^<]*)/g;

/** The target of the link whose relation is `next` (RFC 8288); undefined where there is none. */
export function nextLink(header: string | readonly string[] | undefined): string | undefined {
  const text = (typeof header === 'string' ? header : (header ?? []).join(',')).slice(
    0,
    longestHeader,
  );
  for (const [, target, parameters = ''] of text.matchAll(link)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
    const words = (relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/);
    if (words.includes('next')) return target;
  }
  return undefined;
}
