/** Headers of an answer: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One value of a header; the first where there are several. */
export function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** A header that is a whole number; undefined for anything else. */
export function headerNumber(headers: Headers, name: string): number | undefined {
  const text = headerText(headers, name)?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `Content-Type` without its parameters, in lower case. */
export function contentType(headers: Headers): string | undefined {
  return headerText(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase();
}

/** The seconds to wait that `Retry-After` asks for: a number or a date (RFC 9110, 10.2.3). */
export function retryAfterSeconds(headers: Headers, now: number): number | undefined {
  const text = headerText(headers, 'retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** What `Content-Range` says, in bytes, both ends included; `total` only where the server knows it (RFC 9110, 14.4). */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
  readonly total?: number;
}

export function contentRange(headers: Headers): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(
    headerText(headers, 'content-range')?.trim() ?? '',
  );
  if (!match) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (last < first) return undefined;
  return { first, last, ...(match[3] === '*' ? {} : { total: Number(match[3]) }) };
}

/**
 * How many bytes of an upload the registry has: `Range: 0-<last>`, or `bytes=0-<last>` (distribution-spec, "Pushing a blob in
 * chunks"). For an empty upload, distribution says `0-0`, which would be one byte: nobody stops there, so it counts as none.
 */
export function uploadedBytes(headers: Headers): number | undefined {
  const match = /^(?:bytes=)?0-(-?\d{1,15})$/.exec(headerText(headers, 'range')?.trim() ?? '');
  if (!match) return undefined;
  return match[1] === '0' ? 0 : Number(match[1]) + 1;
}
