import type { RefObject } from 'react';
import { useApp, type App } from '../../app/context.tsx';
import { formatCount, formatPlural } from '../../components/format.ts';
import type { BuildView } from '../../stores/build-view.ts';
import { buildTitle, failedStep } from './build-words.ts';
import { lineNow, mostCopied } from './line-now.ts';
import { plainText } from './ansi.ts';
import type { LogPages } from './log-pages.ts';
import { indexInStep, rowOfLine, rowOfProblem, type LogRow } from './log-rows.ts';
import type { LogViewHandle } from './log-view.tsx';
import type { OpenLog } from './use-log.ts';
import type { LogRows } from './use-log-rows.ts';

export interface LogActions {
  readonly toMatch: (by: 1 | -1) => void;
  /** Absent where nothing failed. */
  readonly toFailure: (() => void) | undefined;
  readonly toStep: (stepId: string) => void;
  /** Shows a line of the build, whichever lines are shown now. */
  readonly toLine: (line: number) => void;
  readonly toEnd: () => void;
  readonly toggle: (stepId: string) => void;
  readonly save: () => void;
  /** Copies the text of the rows from `from` to before `to`. */
  readonly copy: (from: number, to: number, rowOf: (row: number) => LogRow | undefined) => void;
}

interface Parts {
  readonly view: BuildView;
  readonly log: OpenLog;
  readonly rows: LogRows;
  readonly handle: RefObject<LogViewHandle | null>;
}

/** What one can do in a log. Failures are told as notices. */
export function useLogActions(parts: Parts): LogActions {
  const app = useApp();
  const { view, log, rows, handle } = parts;
  const tried = (work: Promise<void>, doing: string): void => {
    work.catch((error: unknown) => app.stores.notices.getState().tellError(error, doing));
  };
  const failed = failedStep(view);
  return {
    toMatch(by) {
      const line = log.search.step(by);
      if (line !== undefined) tried(showLine(parts, line), 'The match could not be shown');
    },
    toFailure: failed && (() => showFailure(parts, failed.stepId)),
    toStep(stepId) {
      if (!rows.bySteps) return;
      const sections = unfold(rows, stepId);
      const section = sections.find(({ step }) => step.stepId === stepId);
      if (section !== undefined) handle.current?.showRow(section.start);
    },
    toLine(line) {
      // A filter may hide it.
      if (rows.filtering) rows.setMode({ ...rows.mode, onlyMatches: false });
      const shown = { ...parts, rows: { ...rows, filtering: false } };
      tried(showLine(shown, line), 'The line could not be shown');
    },
    toEnd: () => handle.current?.showEnd(),
    toggle(stepId) {
      const folded = new Set(rows.folded);
      if (!folded.delete(stepId)) folded.add(stepId);
      handle.current?.hold();
      rows.setFolded(folded);
    },
    save: () => tried(saveLog(app, view), 'The log could not be saved'),
    copy: (from, to, rowOf) =>
      tried(copyRows(app, log.model.pages, { from, to, rowOf }), 'The lines could not be copied'),
  };
}

/** Unfolds a step; gives the sections as they are then. */
function unfold(rows: LogRows, stepId: string) {
  const folded = new Set(rows.folded);
  if (folded.delete(stepId)) rows.setFolded(folded);
  return rows.sectionsWith(folded);
}

/** Shows line `line` of the build, wherever it is in the rows. */
async function showLine({ log, rows, handle }: Parts, line: number): Promise<void> {
  const { pages, state } = log.model;
  if (rows.filtering) return handle.current?.showRow(log.search.state.getState().at);
  if (!rows.bySteps && rows.stepId === undefined) return handle.current?.showRow(line);
  const found = await lineNow(pages, undefined, line);
  if (found === undefined) return;
  const count = state.getState().counts.get(found.stepId) ?? 0;
  const index = await indexInStep(
    line,
    count,
    async at => (await lineNow(pages, found.stepId, at))?.line,
  );
  if (index === undefined) return;
  const row = rows.bySteps ? rowOfLine(unfold(rows, found.stepId), found.stepId, index) : index;
  if (row !== undefined) handle.current?.showRow(row);
}

function showFailure({ rows, handle }: Parts, stepId: string): void {
  const sections = unfold(rows, stepId);
  rows.setMode({ bySteps: true, onlyMatches: false, onlyStep: rows.stepId === stepId });
  const row = rowOfProblem(sections, stepId);
  if (row !== undefined) handle.current?.showRow(row);
}

async function saveLog({ api, stores }: App, view: BuildView): Promise<void> {
  const { result, contextDir, buildId } = view;
  const title = buildTitle({ tags: result?.tags ?? [], contextDir });
  const suggestedName = `${title.replaceAll(/[^\w.-]+/g, '-')}.log`;
  const { ask } = stores.pathQuestions.getState();
  const file = await ask({ kind: 'saveFile', title: 'Save the log', suggestedName });
  if (file === undefined) return;
  const saved = await api.request('build.saveLog', { buildId, file });
  const message = `Saved ${formatPlural(saved.lines, 'line')} to ${saved.file}.`;
  stores.notices.getState().tell({ tone: 'ok', message });
}

interface RowRange {
  readonly from: number;
  readonly to: number;
  readonly rowOf: (row: number) => LogRow | undefined;
}

async function copyRows({ stores }: App, pages: LogPages, range: RowRange): Promise<void> {
  const { from, to, rowOf } = range;
  const end = Math.min(to, from + mostCopied);
  const texts: string[] = [];
  for (let row = from; row < end; row += 1) texts.push(await textOfRow(pages, rowOf(row)));
  await navigator.clipboard.writeText(texts.join('\n'));
  stores.notices.getState().tell({
    tone: 'ok',
    message: `Copied ${formatPlural(end - from, 'line')}.`,
    ...(end < to
      ? { advice: `Only the first ${formatCount(mostCopied)}; save the log to have all of it.` }
      : {}),
  });
}

/** The text of a row as it is shown. */
async function textOfRow(pages: LogPages, row: LogRow | undefined): Promise<string> {
  switch (row?.kind) {
    case 'line':
      return plainText((await lineNow(pages, row.stepId, row.index))?.text ?? '');
    case 'head':
      return row.step.text;
    case 'note':
      return row.note.text;
    default:
      return '';
  }
}
