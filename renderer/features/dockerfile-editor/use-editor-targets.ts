import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { applyFix } from './apply-edits.ts';
import { insertFromEdit } from './language/insert-from.ts';
import type { EditorHost } from './monaco/host.ts';
import type * as monaco from './monaco/monaco.ts';
import { ignoreLanguage } from './monaco/languages.ts';
import { positionOf, toMonaco } from './monaco/ranges.ts';
import { reveal } from './reveal.ts';

interface Where {
  readonly file: string;
  readonly active: boolean;
}

/** Goes where other surfaces ask the editor to go, as soon as the file is there. */
export function useEditorTargets(
  { documents }: EditorHost,
  editor: monaco.editor.IStandaloneCodeEditor | undefined,
  { file, active }: Where,
): void {
  const { stores } = useApp();
  const targets = useStore(stores.ui, ui => ui.targets);
  const isRead = useStore(stores.project, state => state.files.get(file)?.kind === 'ready');

  useEffect(() => {
    const target = targets.editor;
    if (target === undefined || !active || editor === undefined) return;
    if (target.file !== undefined && target.file !== file)
      return void stores.project.getState().openFile(target.file);
    if (!isRead || editor.getModel() === null) return;
    stores.ui.getState().take('editor');
    reveal(editor, target.range);
  }, [targets, active, editor, file, isRead, stores]);

  useEffect(() => {
    const target = targets.insertFrom;
    const model = editor?.getModel();
    if (target === undefined || !active || !model || !isRead) return;
    if (model.getLanguageId() === ignoreLanguage) return openDockerfile(stores);
    const analysis = documents.analysisOf(model);
    if (analysis === undefined || editor === undefined) return;
    stores.ui.getState().take('insertFrom');
    const position = editor.getPosition();
    const edit = insertFromEdit(
      analysis,
      position === null ? undefined : positionOf(position),
      target.reference,
    );
    applyFix(editor, { edits: [edit] });
    editor.revealRangeInCenterIfOutsideViewport(toMonaco(edit.range));
  }, [targets, active, editor, isRead, documents, stores]);
}

function openDockerfile({ project }: ReturnType<typeof useApp>['stores']): void {
  const state = project.getState();
  if (state.project.kind !== 'ready') return;
  const dockerfile = state.project.value?.files.find(file => !file.endsWith('.dockerignore'));
  if (dockerfile !== undefined) void state.openFile(dockerfile);
}
