import type { IPosition, IRange } from 'monaco-editor/editor';
import type { Position, SourceRange } from '../../../../shared/source-range.ts';

/** Monaco counts lines and columns from 1. */
export function toMonaco({ start, end }: SourceRange): IRange {
  return {
    startLineNumber: start.line + 1,
    startColumn: start.character + 1,
    endLineNumber: end.line + 1,
    endColumn: end.character + 1,
  };
}

export function fromMonaco(range: IRange): SourceRange {
  return {
    start: { line: range.startLineNumber - 1, character: range.startColumn - 1 },
    end: { line: range.endLineNumber - 1, character: range.endColumn - 1 },
  };
}

export function positionOf({ lineNumber, column }: IPosition): Position {
  return { line: lineNumber - 1, character: column - 1 };
}
