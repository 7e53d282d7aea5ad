/** Looks a variable up, in any case. */
export type VariableLookup = (name: string) => string | undefined;

/**
 * Replaces `%NAME%` as Windows does when it builds an environment (ExpandEnvironmentStrings): once, and what is not
 * known stays as it is.
 */
export function expandVariables(text: string, lookup: VariableLookup): string {
  let expanded = '';
  let rest = text;
  for (let start = rest.indexOf('%'); start >= 0; start = rest.indexOf('%')) {
    const end = rest.indexOf('%', start + 1);
    if (end < 0) break;
    const value = lookup(rest.slice(start + 1, end));
    // What follows an unknown name may begin with the percent sign that ended it.
    expanded += value === undefined ? rest.slice(0, end) : rest.slice(0, start) + value;
    rest = rest.slice(value === undefined ? end : end + 1);
  }
  return expanded + rest;
}

/** The names in `%NAME%` of a text. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/%([^%;\s]+)%/g)].flatMap(([, name]) => name ?? []);
}
