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

/** The start of a text, for what has no place of its own in it. */
export const startOfText: SourceRange = {
  start: { line: 0, character: 0 },
  end: { line: 0, character: 0 },
};
