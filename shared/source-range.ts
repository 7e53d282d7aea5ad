/** A place in a text: both numbers start at 0, `character` counts UTF-16 units (as in LSP). */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A stretch of a text; `end` is the first position behind it. */
export interface SourceRange {
  readonly start: Position;
  readonly end: Position;
}
