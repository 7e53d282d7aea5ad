import { ArrowDown } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useApp, useCommands } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatCount, formatPlural } from '../../components/format.ts';
import { useContextMenu } from '../../components/menu.tsx';
import type { BuildView, StepView } from '../../stores/build-view.ts';
import { buildTitle, failedStep } from './build-words.ts';
import { lineNow, mostCopied, textOfLines } from './copy-lines.ts';
import { Line } from './log-line.tsx';
import { HeadRow, NoteRow } from './log-row.tsx';
import {
  indexInStep,
  rowAt,
  rowCount,
  rowOfLine,
  rowOfProblem,
  sectionsOf,
  type LogRow,
} from './log-rows.ts';
import { LogToolbar, type LogMode } from './log-toolbar.tsx';
import { LogView, type LogViewHandle } from './log-view.tsx';
import { useThrottledTotal, type OpenLog } from './use-log.ts';
import { useLineSelection } from './use-line-selection.ts';

export interface LogPaneProps {
  readonly view: BuildView;
  readonly log: OpenLog;
  readonly now: number;
  readonly active: boolean;
  /** The step to show; another object shows it again. */
  readonly wanted: { readonly stepId: string } | undefined;
  readonly onOpenLine: ((step: StepView) => void) | undefined;
}

const announceMs = 5000;

/** The log of a build with all that one does with it. */
export function LogPane(props: LogPaneProps) {
  const { view, log, now, active, wanted, onOpenLine } = props;
  const { api, stores } = useApp();
  const { model, search } = log;
  const counts = useStore(model.state, state => state.counts);
  const total = useStore(model.state, state => state.total);
  const failure = useStore(model.state, state => state.failure);
  const query = useStore(search.state);
  const { settings } = useStore(stores.settings);
  const [mode, setMode] = useState<LogMode>({ bySteps: true, onlyMatches: false, onlyStep: false });
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(new Set());
  const [atEnd, setAtEnd] = useState(true);
  const handle = useRef<LogViewHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const { menu, open } = useContextMenu('Log');
  const tell = stores.notices.getState();

  const stepId = mode.onlyStep ? wanted?.stepId : undefined;
  const sections = useMemo(
    () =>
      sectionsOf(
        stepId === undefined ? view.steps : view.steps.filter(step => step.stepId === stepId),
        counts,
        folded,
      ),
    [view.steps, counts, folded, stepId],
  );
  const filtering = mode.onlyMatches && query.text !== '';
  const bySteps = mode.bySteps && !filtering;
  const plainCount = stepId === undefined ? total : (counts.get(stepId) ?? 0);
  const count = filtering ? query.lines.length : bySteps ? rowCount(sections) : plainCount;
  const rowOf = (row: number): LogRow | undefined => {
    if (filtering) {
      const line = query.lines[row];
      return line === undefined ? undefined : { kind: 'line', index: line };
    }
    if (bySteps) return rowAt(sections, row);
    return { kind: 'line', index: row, ...(stepId === undefined ? {} : { stepId }) };
  };
  const currentLine = query.lines[query.at];
  const selection = useLineSelection(`${JSON.stringify(mode)} ${filtering} ${folded.size}`);

  const toggle = (id: string): void => {
    const next = new Set(folded);
    if (!next.delete(id)) next.add(id);
    handle.current?.hold();
    setFolded(next);
  };

  const showLine = async (line: number): Promise<void> => {
    if (filtering) return handle.current?.showRow(query.at);
    if (!bySteps && stepId === undefined) return handle.current?.showRow(line);
    const found = await lineNow(model.pages, undefined, line);
    if (found === undefined) return;
    const index = await indexInStep(line, counts.get(found.stepId) ?? 0, async at => {
      return (await lineNow(model.pages, found.stepId, at))?.line;
    });
    if (index === undefined) return;
    const unfolded = new Set(folded);
    unfolded.delete(found.stepId);
    setFolded(unfolded);
    const row = bySteps
      ? rowOfLine(sectionsOf(view.steps, counts, unfolded), found.stepId, index)
      : index;
    if (row !== undefined) handle.current?.showRow(row);
  };

  const goToMatch = (by: 1 | -1): void => {
    // The state of the search is read anew, as this may have gone on to another match just now.
    const line = search.step(by);
    if (filtering) handle.current?.showRow(search.state.getState().at);
    else if (line !== undefined)
      void showLine(line).catch((error: unknown) => tell.tellError(error, 'Search'));
  };

  const failed = failedStep(view);
  const showFailure = (): void => {
    if (failed === undefined) return;
    const unfolded = new Set(folded);
    unfolded.delete(failed.stepId);
    setFolded(unfolded);
    setMode({ bySteps: true, onlyMatches: false, onlyStep: false });
    const row = rowOfProblem(sectionsOf(view.steps, counts, unfolded), failed.stepId);
    if (row !== undefined) handle.current?.showRow(row);
  };

  const save = async (): Promise<void> => {
    const suggestedName = `${buildTitle({ tags: view.result?.tags ?? [], contextDir: view.contextDir }).replaceAll(/[^\w.-]+/g, '-')}.log`;
    const file = await stores.pathQuestions
      .getState()
      .ask({ kind: 'saveFile', title: 'Save the log', suggestedName });
    if (file === undefined) return;
    const saved = await api.request('build.saveLog', { buildId: view.buildId, file });
    tell.tell({
      tone: 'ok',
      message: `Saved ${formatPlural(saved.lines, 'line')} to ${saved.file}.`,
    });
  };

  const copy = async (
    from: number,
    to: number,
    rows: (row: number) => LogRow | undefined,
  ): Promise<void> => {
    const texts: string[] = [];
    const end = Math.min(to, from + mostCopied);
    for (let row = from; row < end; row += 1) texts.push(await textOfRow(rows(row)));
    await navigator.clipboard.writeText(texts.join('\n'));
    const cut =
      end < to
        ? ` The clipboard takes the first ${formatCount(mostCopied)}; save the log for all.`
        : '';
    tell.tell({ tone: 'ok', message: `Copied ${formatPlural(end - from, 'line')}.${cut}` });
  };

  const textOfRow = async (row: LogRow | undefined): Promise<string> => {
    switch (row?.kind) {
      case 'line':
        return await textOfLines(model.pages, row.stepId, row.index, row.index + 1);
      case 'head':
        return row.step.text;
      case 'note':
        return row.note.text;
      default:
        return '';
    }
  };

  const tried = (work: Promise<void>, doing: string): void => {
    work.catch((error: unknown) => tell.tellError(error, doing));
  };

  // Where a build that is opened is shown first: what failed, what is new, or the beginning.
  const placed = useRef(false);
  useEffect(() => {
    if (placed.current || count === 0 || counts.size === 0) return;
    placed.current = true;
    if (wanted !== undefined) return;
    if (failed !== undefined) showFailure();
    else if (view.status !== 'running') handle.current?.showTop();
  });

  useEffect(() => {
    if (wanted === undefined || counts.size === 0) return;
    const unfolded = new Set(folded);
    unfolded.delete(wanted.stepId);
    setFolded(unfolded);
    if (!bySteps) return;
    const at = sectionsOf(view.steps, counts, unfolded).find(
      section => section.step.stepId === wanted.stepId,
    );
    if (at !== undefined) handle.current?.showRow(at.start);
    // oxlint-disable-next-line react/exhaustive-deps -- once for each wish, and when the log is first there
  }, [wanted, counts.size === 0]);

  useCommands(() => {
    const shown = (): boolean => active;
    return [
      {
        command: 'log.find',
        title: 'Search the log',
        group: 'Build log',
        keys: ['Mod+F'],
        when: shown,
        run: () => searchField.current?.select(),
      },
      {
        command: 'log.nextMatch',
        title: 'Next match in the log',
        group: 'Build log',
        keys: ['F3'],
        when: shown,
        run: () => goToMatch(1),
      },
      {
        command: 'log.previousMatch',
        title: 'Previous match in the log',
        group: 'Build log',
        keys: ['Shift+F3'],
        when: shown,
        run: () => goToMatch(-1),
      },
      {
        command: 'log.failure',
        title: 'Go to the failure in the log',
        group: 'Build log',
        keys: ['F8'],
        when: () => active && failed !== undefined,
        run: showFailure,
      },
      {
        command: 'log.follow',
        title: 'Follow the end of the log',
        group: 'Build log',
        when: shown,
        run: () => handle.current?.showEnd(),
      },
      { command: 'log.save', title: 'Save the log…', group: 'Build log', when: shown, run: save },
    ];
  }, [active, log, view, mode, query, folded, counts]);

  const rowHeight = Math.round(settings.fontSize * 1.54);
  const renderRow = (row: number): ReactNode => {
    const at = rowOf(row);
    const selected = selection.has(row);
    switch (at?.kind) {
      case 'head':
        return (
          <HeadRow
            step={at.step}
            lines={at.lines}
            folded={at.folded}
            selected={selected}
            now={now}
            onToggle={() => toggle(at.step.stepId)}
          />
        );
      case 'note':
        return (
          <NoteRow
            note={at.note}
            selected={selected}
            onOpen={onOpenLine && (() => onOpenLine({ ...at.step, range: at.note.range }))}
          />
        );
      case 'line': {
        const line = model.pages.line(at.stepId, at.index);
        return (
          <Line
            line={line}
            showTime={settings.showTimestamps}
            showStep={!bySteps}
            query={query.text}
            matchCase={query.matchCase}
            current={line !== undefined && line.line === currentLine}
            selected={selected}
            expanded={line !== undefined && expanded.has(line.line)}
            onExpand={addExpanded}
          />
        );
      }
      default:
        return null;
    }
  };
  const addExpanded = useMemo(
    () => (line: number) => setExpanded(known => new Set(known).add(line)),
    [],
  );
  const allFolded = sections.length > 0 && sections.every(section => section.folded);

  return (
    <div
      className="log-pane"
      data-wrap={settings.wrapLog}
      style={{ '--log-row': `${rowHeight}px` } as React.CSSProperties}
    >
      <LogToolbar
        mode={mode}
        onMode={setMode}
        search={search}
        searchField={searchField}
        onStep={goToMatch}
        allFolded={allFolded}
        onFoldAll={() =>
          setFolded(allFolded ? new Set() : new Set(view.steps.map(step => step.stepId)))
        }
        atEnd={atEnd}
        onEnd={() => handle.current?.showEnd()}
        onFailure={failed && showFailure}
        onSave={() => tried(save(), 'The log could not be saved')}
      />
      {failure && (
        <FailureView
          title="The log could not be read"
          failure={failure}
          onRetry={() => model.update(view.steps, 0)}
        />
      )}
      <div
        className="log-pane__frame"
        onClick={event => selection.click(rowAtPointer(event), event.shiftKey)}
        onContextMenu={event => {
          const row = rowAtPointer(event);
          if (row === undefined) return;
          if (!selection.has(row)) selection.click(row, false);
          const at = rowOf(row);
          const section = sections.find(
            ({ step }) => step.stepId === (at?.kind === 'line' ? at.stepId : at?.step.stepId),
          );
          const [from, to] = selection.rangeOr(row);
          open(event, [
            {
              kind: 'action',
              label: to - from > 1 ? `Copy ${formatPlural(to - from, 'line')}` : 'Copy the line',
              onSelect: () => tried(copy(from, to, rowOf), 'Copy'),
            },
            ...(section === undefined
              ? []
              : [
                  {
                    kind: 'action' as const,
                    label: 'Copy all of the step',
                    onSelect: () =>
                      tried(
                        copy(0, section.lines, index => ({
                          kind: 'line',
                          stepId: section.step.stepId,
                          index,
                        })),
                        'Copy',
                      ),
                  },
                ]),
            {
              kind: 'action',
              label: 'Save the log…',
              onSelect: () => tried(save(), 'The log could not be saved'),
            },
          ]);
        }}
      >
        <LogView
          key={view.buildId}
          ref={handle}
          changes={model.state}
          label="Build log"
          count={count}
          rowHeight={rowHeight}
          layout={`${settings.wrapLog} ${settings.fontSize} ${settings.showTimestamps} ${bySteps} ${filtering} ${stepId ?? ''} ${expanded.size} ${folded.size}`}
          renderRow={renderRow}
          onAtEnd={setAtEnd}
          onKeyDown={event => {
            if ((event.ctrlKey || event.metaKey) && event.key === 'c') {
              if (!window.getSelection()?.isCollapsed || selection.range === undefined) return;
              event.preventDefault();
              const [from, to] = selection.range;
              return tried(copy(from, to, rowOf), 'Copy');
            }
            const row = selection.key(event, count, handle.current?.pageRows() ?? 1);
            if (row === undefined)
              return pressRow(event, rowOf(selection.at ?? -1), { toggle, onOpenLine });
            event.preventDefault();
            handle.current?.reveal(row);
          }}
        />
        {count === 0 && <p className="log-pane__none muted">{noLinesWords(view, filtering)}</p>}
        {!atEnd && view.status === 'running' && (
          <Button
            size="small"
            className="log-pane__follow"
            icon={<ArrowDown aria-hidden="true" />}
            onClick={() => handle.current?.showEnd()}
          >
            Follow
          </Button>
        )}
      </div>
      <Announcer log={log} running={view.status === 'running'} />
      {menu}
    </div>
  );
}

function noLinesWords({ status }: BuildView, filtering: boolean): string {
  if (filtering) return 'No line matches.';
  return status === 'running' ? 'Waiting for the first line…' : 'This build said nothing.';
}

/** Tells from time to time how the log grows. */
function Announcer({ log, running }: { readonly log: OpenLog; readonly running: boolean }) {
  const total = useThrottledTotal(log.model, announceMs);
  return (
    <p className="visually-hidden" role="status">
      {running && total > 0 ? `${formatPlural(total, 'line')} in the log` : ''}
    </p>
  );
}

/** Enter, Left and Right on the row at the cursor. */
function pressRow(
  event: React.KeyboardEvent<HTMLElement>,
  row: LogRow | undefined,
  act: {
    readonly toggle: (stepId: string) => void;
    readonly onOpenLine: ((step: StepView) => void) | undefined;
  },
): void {
  if (row?.kind === 'head') {
    const wants = { Enter: true, ' ': true, ArrowLeft: !row.folded, ArrowRight: row.folded }[
      event.key
    ];
    if (wants !== true) return;
    event.preventDefault();
    act.toggle(row.step.stepId);
  } else if (row?.kind === 'note' && event.key === 'Enter') {
    act.onOpenLine?.({ ...row.step, range: row.note.range });
  }
}

function rowAtPointer(event: React.MouseEvent<HTMLElement>): number | undefined {
  if (!(event.target instanceof Element)) return undefined;
  const row = event.target.closest<HTMLElement>('[data-row]')?.dataset['row'];
  return row === undefined ? undefined : Number(row);
}
