import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { visible } from '../../components/visible.ts';
import { decorationsOf } from './monaco/build-marks.ts';
import type { EditorHost } from './monaco/host.ts';
import type * as monaco from './monaco/monaco.ts';

type Editor = monaco.editor.IStandaloneCodeEditor;

export interface EditorPaneProps {
  readonly host: EditorHost;
  readonly file: string;
  readonly active: boolean;
  readonly onEditor: (editor: Editor | undefined) => void;
}

/** Monaco in the page. The editor stays; files come and go in it, each with its own place and undo. */
export function EditorPane({ host, file, active, onEditor }: EditorPaneProps) {
  const { stores, isMac } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  const fontSize = useStore(stores.settings, state => state.settings.fontSize);

  useEffect(() => {
    if (place.current === null) return;
    const made = host.monaco.editor.create(place.current, options());
    editor.current = made;
    onEditor(made);
    return () => {
      onEditor(undefined);
      editor.current = undefined;
      made.dispose();
    };
  }, [host, onEditor]);

  useEffect(() => editor.current?.updateOptions({ fontSize }), [fontSize]);
  useEffect(() => {
    const key = isMac ? 'Control+Shift+M' : 'Control+M';
    const ariaLabel = `${visible(file)}. ${key} makes Tab move the focus.`;
    editor.current?.updateOptions({ ariaLabel });
  }, [file, isMac]);
  useLimits(host, editor, file);
  useShownModel(host, editor, file);
  useBuildMarks(host, editor, file);
  useEffect(() => {
    if (active && document.activeElement === document.body) editor.current?.focus();
  }, [active]);
  return <div ref={place} className="editor__monaco" />;
}

type EditorRef = React.RefObject<Editor | undefined>;

/** Places in files, for when one comes back to them. */
const places = new Map<string, monaco.editor.ICodeEditorViewState | null>();

/** Looking for the other bracket in ten megabytes would take longer than a key may. */
function useLimits({ documents }: EditorHost, editor: EditorRef, file: string): void {
  const isLarge = useStore(documents.views, views => views.get(file)?.isLarge) ?? false;
  useEffect(
    () => editor.current?.updateOptions({ matchBrackets: isLarge ? 'never' : 'always' }),
    [editor, isLarge],
  );
}

function useShownModel({ documents }: EditorHost, editor: EditorRef, file: string): void {
  useEffect(() => {
    const model = documents.modelOf(file);
    const shown = editor.current;
    if (model === undefined || shown === undefined) return;
    const key = model.id;
    shown.setModel(model);
    shown.restoreViewState(places.get(key) ?? null);
    return () => {
      if (!model.isDisposed()) places.set(key, shown.saveViewState());
      else places.delete(key);
    };
  }, [documents, editor, file]);
}

function useBuildMarks({ buildMarks }: EditorHost, editor: EditorRef, file: string): void {
  const marks = useStore(buildMarks.marks, all => all.get(file));
  useEffect(() => {
    const model = editor.current?.getModel();
    if (marks === undefined || model === null || model === undefined) return;
    const drawn = editor.current?.createDecorationsCollection(decorationsOf(marks, model));
    return () => drawn?.clear();
  }, [editor, marks]);
}

function options(): monaco.editor.IStandaloneEditorConstructionOptions {
  const fontFamily = getComputedStyle(document.documentElement).getPropertyValue('--font-mono');
  return {
    model: null,
    automaticLayout: true,
    accessibilitySupport: 'auto',
    fontFamily: fontFamily.trim(),
    fontLigatures: false,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    fixedOverflowWidgets: true,
    renderLineHighlight: 'all',
    // The default dims its number below the contrast that is asked for.
    renderFinalNewline: 'on',
    renderWhitespace: 'selection',
    wordBasedSuggestions: 'off',
    quickSuggestions: { other: true, strings: true, comments: false },
    tabSize: 4,
    padding: { top: 8, bottom: 8 },
    lineNumbersMinChars: 4,
    glyphMargin: false,
    links: false,
    stickyScroll: { enabled: false },
    // What is dropped on the window is opened; its name is no text.
    dropIntoEditor: { enabled: false },
    smoothScrolling: false,
    largeFileOptimizations: true,
  };
}
