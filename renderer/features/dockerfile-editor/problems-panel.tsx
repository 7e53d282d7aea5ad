import { CircleAlert, Info, Lightbulb, TriangleAlert } from 'lucide-react';
import { useRef } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { formatPlural } from '../../components/format.ts';
import { moveFocus } from '../../components/roving.ts';
import { visible } from '../../components/visible.ts';
import { explain } from '../../../shared/failure.ts';
import { applyFix } from './apply-edits.ts';
import type { Annotation } from './language/annotations.ts';
import { countProblems, type Problem } from './language/diagnostics.ts';
import type { EditorHost } from './monaco/host.ts';
import type * as monaco from './monaco/monaco.ts';
import { reveal } from './reveal.ts';

export interface ProblemsPanelProps {
  readonly host: EditorHost;
  readonly editor: monaco.editor.IStandaloneCodeEditor | undefined;
  readonly file: string;
}

const none: readonly Problem[] = [];
const mostShown = 200;

/** What is wrong with the file, in the order of its lines. */
export function ProblemsPanel({ host, editor, file }: ProblemsPanelProps) {
  const problems = useStore(host.documents.views, views => views.get(file)?.problems) ?? none;
  const list = useRef<HTMLUListElement>(null);
  const { errors, warnings } = countProblems(problems);
  return (
    <section className="editor-panel" aria-label="Problems">
      <h2 className="editor-panel__head">
        Problems
        <span className="muted" role="status">
          {formatPlural(errors, 'error')}, {formatPlural(warnings, 'warning')}
        </span>
      </h2>
      <BuildFailure host={host} editor={editor} file={file} />
      {problems.length === 0 ? (
        <p className="editor-panel__none muted">No problems found in this file.</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move among the buttons in it
        <ul
          ref={list}
          className="problems"
          onKeyDown={event => moveFocus(event, '.problems__go, .problems__fix', 'vertical')}
        >
          {problems.slice(0, mostShown).map((problem, index) => (
            <ProblemRow key={index} problem={problem} editor={editor} isFirst={index === 0} />
          ))}
          {problems.length > mostShown && (
            <li className="editor-panel__none muted">
              And {formatPlural(problems.length - mostShown, 'other')}.
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

const icons = {
  error: <CircleAlert aria-label="Error" className="problems__icon problems__icon--error" />,
  warning: (
    <TriangleAlert aria-label="Warning" className="problems__icon problems__icon--warning" />
  ),
  info: <Info aria-label="Note" className="problems__icon problems__icon--info" />,
};

interface ProblemRowProps {
  readonly problem: Problem;
  readonly editor: ProblemsPanelProps['editor'];
  readonly isFirst: boolean;
}

function ProblemRow({ problem, editor, isFirst }: ProblemRowProps) {
  const { severity, message, range, rule, fixes } = problem;
  const [fix] = fixes;
  return (
    <li className="problems__row">
      <button
        type="button"
        className="problems__go"
        tabIndex={isFirst ? 0 : -1}
        onClick={() => reveal(editor, range)}
      >
        {icons[severity]}
        <span className="problems__message">{visible(message)}</span>
        <span className="problems__place muted">
          line {range.start.line + 1} · {rule}
        </span>
      </button>
      {fix !== undefined && (
        <Button
          size="small"
          variant="quiet"
          className="problems__fix"
          tabIndex={-1}
          icon={<Lightbulb aria-hidden="true" />}
          onClick={() => applyFix(editor, fix)}
        >
          {visible(fix.title)}
        </Button>
      )}
    </li>
  );
}

function failureWords({ failure, text }: Annotation): string {
  return `The last build failed. ${failure === undefined ? text : explain(failure).message}`;
}

/** Where the latest build failed, with the way to its log. */
function BuildFailure({ host, editor, file }: ProblemsPanelProps) {
  const { navigate } = useApp();
  const marks = useStore(host.buildMarks.marks, all => all.get(file));
  const failed = marks?.annotations.find(({ tone }) => tone === 'failed');
  if (marks === undefined || failed === undefined) return null;
  const { range } = failed.instruction;
  return (
    <div className="problems__row problems__build">
      <button type="button" className="problems__go" onClick={() => reveal(editor, range)}>
        {icons.error}
        <span className="problems__message">{visible(failureWords(failed))}</span>
        <span className="problems__place muted">line {range.start.line + 1}</span>
      </button>
      <Button size="small" onClick={() => navigate.showBuild(marks.build.buildId, failed.stepId)}>
        Show the log
      </Button>
    </div>
  );
}
