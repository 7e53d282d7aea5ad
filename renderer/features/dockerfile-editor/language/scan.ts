/** A stretch of one kind from `startIndex` to the next token, as Monaco takes it. */
export interface Token {
  readonly startIndex: number;
  readonly scopes: string;
}

/** What a sticky pattern matches is of that kind; a list of rules instead looks inside of the match. */
export interface Rule {
  readonly pattern: RegExp;
  readonly scopes: string;
  readonly inside?: readonly Rule[];
}

/** Makes a rule; `source` is matched where the scan stands, in any case of letters. */
export function rule(source: RegExp, scopes: string, inside?: readonly Rule[]): Rule {
  const pattern = new RegExp(source.source, 'iy');
  return inside === undefined ? { pattern, scopes } : { pattern, scopes, inside };
}

/** Tokens of one line, joined where neighbours are alike. */
export class TokenList {
  readonly tokens: Token[] = [];

  push(startIndex: number, scopes: string): void {
    const last = this.tokens.at(-1);
    if (last?.scopes === scopes) return;
    if (last?.startIndex === startIndex) this.tokens.pop();
    this.tokens.push({ startIndex, scopes });
  }
}

/** A piece of a line; what no rule matches is of the kind `otherwise`. */
export interface Piece {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly otherwise: string;
}

/** Cuts a piece of a line by rules; the first rule that matches somewhere wins there. Linear in its length. */
export function scan(piece: Piece, rules: readonly Rule[], list: TokenList): void {
  const { text, from, to, otherwise } = piece;
  for (let at = from; at < to;) {
    const found = matchAt(text, at, to, rules);
    if (found === undefined) {
      list.push(at, otherwise);
      at++;
      continue;
    }
    const end = Math.min(to, at + found.length);
    const { rule: hit } = found;
    if (hit.inside === undefined) list.push(at, hit.scopes);
    else scan({ text, from: at, to: end, otherwise: hit.scopes }, hit.inside, list);
    at = end;
  }
}

function matchAt(
  text: string,
  at: number,
  to: number,
  rules: readonly Rule[],
): { readonly rule: Rule; readonly length: number } | undefined {
  if (at >= to) return undefined;
  for (const one of rules) {
    one.pattern.lastIndex = at;
    const length = one.pattern.exec(text)?.[0].length ?? 0;
    if (length > 0) return { rule: one, length };
  }
  return undefined;
}
