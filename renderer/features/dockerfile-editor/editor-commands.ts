import type { App } from '../../app/context.tsx';
import type { Command } from '../../stores/commands.ts';
import { stageAt } from './language/analysis.ts';
import { isZImagefile } from '../../../shared/zlayer/read-build-file.ts';
import { convertFile } from './convert-file.ts';
import { buildStage } from './build-stage.ts';
import type { EditorHost } from './monaco/host.ts';
import type * as monaco from './monaco/monaco.ts';
import { positionOf } from './monaco/ranges.ts';

export interface EditorActions {
  readonly host: EditorHost;
  readonly editor: monaco.editor.IStandaloneCodeEditor | undefined;
  readonly toggle: (panel: 'outline' | 'problems') => void;
}

const group = 'Editor';

/** Our name, its words, its key, and Monaco's action. Monaco has the same keys while it has the focus. */
const monacoActions: readonly (readonly [string, string, string | undefined, string])[] = [
  ['editor.suggest', 'Suggest what could go here', 'Mod+Space', 'editor.action.triggerSuggest'],
  ['editor.hover', 'Explain what is at the cursor', undefined, 'editor.action.showHover'],
  ['editor.quickFix', 'Quick fix', 'Mod+.', 'editor.action.quickFix'],
  ['editor.rename', 'Rename stage or variable', 'F2', 'editor.action.rename'],
  ['editor.goToDefinition', 'Go to definition', 'F12', 'editor.action.revealDefinition'],
  ['editor.references', 'Find all uses', 'Shift+F12', 'editor.action.goToReferences'],
  ['editor.outline', 'Go to stage or instruction', 'Mod+Shift+O', 'editor.action.quickOutline'],
  ['editor.format', 'Format the file', 'Alt+Shift+F', 'editor.action.formatDocument'],
  ['editor.find', 'Find in the file', 'Mod+F', 'actions.find'],
  ['editor.replace', 'Replace in the file', 'Mod+H', 'editor.action.startFindReplaceAction'],
  ['editor.goToLine', 'Go to line', 'Mod+G', 'editor.action.gotoLine'],
  ['editor.foldAll', 'Fold everything', undefined, 'editor.foldAll'],
  ['editor.unfoldAll', 'Unfold everything', undefined, 'editor.unfoldAll'],
  ['editor.comment', 'Comment lines in or out', undefined, 'editor.action.commentLine'],
  ['editor.nextProblem', 'Next problem', 'F8', 'editor.action.marker.next'],
  ['editor.previousProblem', 'Previous problem', 'Shift+F8', 'editor.action.marker.prev'],
  [
    'editor.tabMovesFocus',
    'Tab moves the focus, or indents',
    'Mod+M',
    'editor.action.toggleTabFocusMode',
  ],
];

/** Monaco's own F8 goes on into other files, and its key to format is another one on each system. */
const overMonaco: ReadonlySet<string> = new Set([
  'editor.nextProblem',
  'editor.previousProblem',
  'editor.format',
]);

/** The editor's actions, for keys and the palette. */
export function editorCommands(app: App, actions: EditorActions): readonly Command[] {
  const { editor, toggle } = actions;
  const when = () => app.stores.ui.getState().surface === 'editor' && editor !== undefined;
  return [
    ...monacoActions.map(([command, title, key, action]) => ({
      command,
      title,
      group,
      ...(key === undefined ? {} : { keys: [key] }),
      overEditor: overMonaco.has(command),
      when,
      run: () => runAction(editor, action),
    })),
    {
      command: 'editor.buildToHere',
      title: 'Build to the stage at the cursor',
      group,
      keys: ['Mod+Alt+B'],
      overEditor: true,
      when,
      run: () => buildToCursor(app, actions),
    },
    {
      command: 'editor.convertToDockerfile',
      title: 'Convert the ZImagefile to a Dockerfile',
      group,
      when: () => when() && isZImagefile(app.stores.project.getState().currentFile ?? ''),
      run: () => convertFile(app, app.stores.project.getState().currentFile ?? ''),
    },
    {
      command: 'editor.toggleOutline',
      title: 'Show or hide the outline',
      group,
      when,
      run: () => toggle('outline'),
    },
    {
      command: 'editor.toggleProblems',
      title: 'Show or hide the problems',
      group,
      keys: ['Mod+Shift+M'],
      overEditor: true,
      when,
      run: () => toggle('problems'),
    },
  ];
}

/** A dialog that closes gives the focus back, and that would close what an action has opened. */
function runAction(editor: EditorActions['editor'], action: string, framesLeft = 30): void {
  requestAnimationFrame(() => {
    const isWaiting = document.querySelector('dialog[open]') !== null && framesLeft > 0;
    if (isWaiting) return runAction(editor, action, framesLeft - 1);
    editor?.focus();
    editor?.trigger('layerwright', action, null);
  });
}

async function buildToCursor(app: App, { host, editor }: EditorActions): Promise<void> {
  const model = editor?.getModel();
  const position = editor?.getPosition();
  if (!model || !position) return;
  const analysis = host.documents.analysisOf(model);
  const stage = (analysis && stageAt(analysis, positionOf(position))) ?? analysis?.stages[0];
  if (analysis === undefined || stage === undefined) return;
  const isLast = stage.index === analysis.stages.length - 1;
  await buildStage(app, stage.name ?? String(stage.index), isLast);
}
