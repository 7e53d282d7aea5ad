/** Who the text must not tell about. */
export interface Person {
  readonly home: string;
  readonly user: string;
}

/** Digests stay: they say which image it was, and nothing else. */
const digest = /sha256:[0-9a-f]{64}/gi;
const userInfo = /([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi;
const query = /(\bhttps?:\/\/[^\s?]+)\?\S+/gi;
/** `password=...`, `--token ...`, `Authorization: Bearer ...` and what else is named so. */
const named =
  /\b((?:[\w-]*(?:password|passwd|secret|token|api[_-]?key|credential|authorization)[\w-]*)["']?\s*[=:]\s*(?:bearer\s+|basic\s+)?)("[^"]*"|'[^']*'|\S+)/gi;
/** What looks as if it were made to be secret: long, and of letters and digits. */
const opaque = /\b(?=[\w+-]*\d)(?=[\w+-]*[a-z])[\w+-]{32,}={0,2}/gi;

/**
 * Takes out of a text what could be secret or says who somebody is: sign-ins in addresses, values of what is called a
 * password or a token, long opaque words, the home folder and the name of the user.
 */
export function redact(text: string, { home, user }: Person): string {
  const kept: string[] = [];
  const keep = (found: string) => `\u0000${kept.push(found) - 1}\u0000`;
  let safe = text
    .replace(digest, keep)
    .replace(userInfo, '$1***@')
    .replace(query, '$1?***')
    .replace(named, '$1***')
    .replace(opaque, '***');
  for (const spelled of [home, home.replaceAll('\\', '/'), home.replaceAll('/', '\\')])
    if (spelled.length > 1) safe = safe.replaceAll(spelled, '~');
  if (user.length > 2) safe = safe.replaceAll(new RegExp(`\\b${escaped(user)}\\b`, 'gi'), '<user>');
  // eslint-disable-next-line no-control-regex -- the marks of `keep`
  return safe.replaceAll(/\u0000(\d+)\u0000/g, (_mark, at: string) => kept[Number(at)] ?? '');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
