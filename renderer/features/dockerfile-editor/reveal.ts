import type { SourceRange } from '../../../shared/source-range.ts';
import type * as monaco from './monaco/monaco.ts';
import { toMonaco } from './monaco/ranges.ts';

/** Selects a range, brings it into view and gives the editor the focus. */
export function reveal(
  editor: monaco.editor.IStandaloneCodeEditor | undefined,
  range: SourceRange,
): void {
  if (editor === undefined) return;
  const place = toMonaco(range);
  // What is typed there is undone by itself.
  editor.pushUndoStop();
  editor.setSelection(place);
  editor.revealRangeInCenterIfOutsideViewport(place);
  editor.focus();
}
