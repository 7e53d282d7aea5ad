import type { Fix } from '../../../shared/dockerfile/finding.ts';
import type * as monaco from './monaco/monaco.ts';
import { toMonaco } from './monaco/ranges.ts';

type Editor = monaco.editor.IStandaloneCodeEditor;

/** Makes the edits of a fix as one step of undo, and gives the editor the focus. */
export function applyFix(editor: Editor | undefined, { edits }: Pick<Fix, 'edits'>): void {
  if (editor === undefined) return;
  editor.pushUndoStop();
  editor.executeEdits(
    'layerwright',
    edits.map(({ range, newText }) => ({ range: toMonaco(range), text: newText })),
  );
  editor.pushUndoStop();
  editor.focus();
}
