import { ListTree, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useApp, useCommands } from '../../app/context.tsx';
import { lowWindow, narrowWindow, useMedia } from '../../app/context/use-media.ts';
import { IconButton } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { visible } from '../../components/visible.ts';
import { isZPipeline } from '../../../shared/zlayer/parse-zpipeline.ts';
import { loading } from '../../stores/loadable.ts';
import { EditorPane } from './editor-pane.tsx';
import { EditorNotes } from './editor-notes.tsx';
import type { EditorHost } from './monaco/host.ts';
import type * as monaco from './monaco/monaco.ts';
import { PipelinePanel } from './pipeline-panel.tsx';
import { OutlinePanel } from './outline-panel.tsx';
import { ProblemsPanel } from './problems-panel.tsx';
import { editorCommands } from './editor-commands.ts';
import { useEditorTargets } from './use-editor-targets.ts';

type Editor = monaco.editor.IStandaloneCodeEditor;

export interface WorkspaceProps {
  readonly host: EditorHost;
  readonly files: readonly string[];
  readonly active: boolean;
}

/** Tabs of files, the text, its outline and its problems. */
export function Workspace({ host, files, active }: WorkspaceProps) {
  const app = useApp();
  const { stores } = app;
  const current = useStore(stores.project, state => state.currentFile) ?? files[0] ?? '';
  const loaded = useStore(stores.project, state => state.files.get(current)) ?? loading;
  const [editor, setEditor] = useState<Editor>();
  const [shown, setShown] = useShownPanels();
  const toggle = (panel: 'outline' | 'problems') =>
    setShown(before => ({ ...before, [panel]: !before[panel] }));

  useEditorTargets(host, editor, { file: current, active });
  useCommands(() => editorCommands(app, { host, editor, toggle }), [app, host, editor]);

  const at = { host, editor, file: current };
  const text =
    loaded.kind === 'failed' ? (
      <FailureView
        title={`${visible(current)} could not be read`}
        failure={loaded.failure}
        onRetry={() => void stores.project.getState().openFile(current)}
      />
    ) : (
      <div className="editor__text">
        <EditorNotes key={current} host={host} file={current} />
        {loaded.kind === 'loading' ? (
          <Skeleton label={`Reading ${visible(current)}`} />
        ) : (
          <EditorPane host={host} file={current} active={active} onEditor={setEditor} />
        )}
      </div>
    );
  // Panes come and go beside the text, which stays the same element all the while.
  const column = (
    <SplitPane
      orientation="vertical"
      panes={[
        { pane: 'text', label: 'text', size: shown.problems ? 78 : 100, min: 120, content: text },
        ...(isZPipeline(current)
          ? [
              {
                pane: 'pipeline',
                label: 'the pipeline',
                size: 40,
                min: 120,
                content: <PipelinePanel key={current} file={current} editor={editor} />,
              },
            ]
          : []),
        ...(shown.problems
          ? [
              {
                pane: 'problems',
                label: 'problems',
                size: 22,
                min: 72,
                content: <ProblemsPanel {...at} />,
              },
            ]
          : []),
      ]}
    />
  );
  return (
    <FileTabs files={files} current={current} shown={shown} onToggle={toggle}>
      <SplitPane
        className="editor"
        panes={[
          {
            pane: 'main',
            label: 'text',
            size: shown.outline ? 80 : 100,
            min: 320,
            content: column,
          },
          ...(shown.outline
            ? [
                {
                  pane: 'outline',
                  label: 'outline',
                  size: 20,
                  min: 160,
                  content: <OutlinePanel {...at} />,
                },
              ]
            : []),
        ]}
      />
    </FileTabs>
  );
}

/** Where there is little room the text has it; both panels can be asked for. */
function useShownPanels() {
  const isNarrow = useMedia(narrowWindow);
  const isLow = useMedia(lowWindow);
  const room = { outline: !isNarrow, problems: !isLow };
  const [before, setBefore] = useState(room);
  const [shown, setShown] = useState(room);
  if (before.outline !== room.outline || before.problems !== room.problems) {
    setBefore(room);
    setShown(room);
  }
  return [shown, setShown] as const;
}

interface FileTabsProps {
  readonly files: readonly string[];
  readonly current: string;
  readonly shown: { readonly outline: boolean; readonly problems: boolean };
  readonly onToggle: (panel: 'outline' | 'problems') => void;
  readonly children: React.ReactNode;
}

function FileTabs({ files, current, shown, onToggle, children }: FileTabsProps) {
  const { stores } = useApp();
  const opened = useStore(stores.project, state => state.files);
  const isUnsaved = (file: string) => {
    const loaded = opened.get(file);
    return loaded?.kind === 'ready' && loaded.value.draft !== undefined;
  };
  return (
    <Tabs
      label="Files"
      className="editor-tabs"
      value={current}
      items={files.map(file => ({
        value: file,
        label: visible(file),
        badge: isUnsaved(file) && (
          <span className="editor-tabs__unsaved" data-tooltip="Not saved">
            <span className="visually-hidden">not saved</span>
          </span>
        ),
      }))}
      onValueChange={file => void stores.project.getState().openFile(file)}
      trailing={
        <>
          <IconButton
            size="small"
            label="Outline"
            aria-pressed={shown.outline}
            icon={<ListTree aria-hidden="true" />}
            onClick={() => onToggle('outline')}
          />
          <IconButton
            size="small"
            label="Problems"
            aria-pressed={shown.problems}
            icon={<TriangleAlert aria-hidden="true" />}
            onClick={() => onToggle('problems')}
          />
        </>
      }
    >
      {children}
    </Tabs>
  );
}
